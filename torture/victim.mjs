import { setTimeout as sleep } from 'node:timers/promises';
import { basic, Caller } from './call.mjs';

/** How many requests of the victim begin in a second, and after how many one is a sign-in by password. */
const PER_SECOND = 20;
const SIGN_IN_EVERY = 200;

/**
 * Sends the requests of a tenant that does nothing wrong, at a steady pace whatever the answers take.
 * @returns latencies in milliseconds, and the requests that failed with their answers
 */
export async function measureVictim({ port, victim, group }, signal, onAnswer) {
  const caller = new Caller(port, { headers: { 'kf-api-key': victim.key }, connections: 32 });
  const anonymous = new Caller(port, { connections: 4 });
  const latencies = [];
  const signIns = [];
  const failures = [];
  const underWay = new Set();
  let isMember = false;
  const requests = [
    ['GET', `/api/1.0/users/${victim.user}`],
    ['GET', `/api/1.0/groups/${group}`],
    ['GET', `/api/1.0/groups/${group}/users`],
    ['GET', '/api/1.0/users?limit=50'],
    ['GET', '/api/1.0/profile'],
  ];
  const send = async (number) => {
    const isSignIn = number % SIGN_IN_EVERY === SIGN_IN_EVERY - 1;
    let [method, path] = requests[number % requests.length];
    let answer;
    if (isSignIn)
      answer = await anonymous.call(
        'GET',
        (path = '/api/1.0/profile'),
        undefined,
        basic(victim.email, victim.password),
      );
    else if (number % 4 === 3) {
      [method, path] = [isMember ? 'DELETE' : 'PUT', `/api/1.0/users/${victim.user}/groups/${group}`];
      // One of them at a time, so that each has something to do.
      if (!underWay.has('write')) {
        underWay.add('write');
        answer = await caller.call(method, path);
        underWay.delete('write');
        isMember = answer.status < 300 ? !isMember : isMember;
      } else answer = await caller.call('GET', path.slice(0, path.lastIndexOf('/')));
    } else answer = await caller.call(method, path);
    if (answer.status < 200 || answer.status > 299)
      failures.push({
        request: `${method} ${path}`,
        status: answer.status,
        ms: Math.round(answer.ms),
        text: answer.text.slice(0, 200),
      });
    (isSignIn ? signIns : latencies).push(answer.ms);
    onAnswer?.(answer);
  };
  for (let number = 0; !signal.aborted; number += 1) {
    const one = send(number).finally(() => underWay.delete(one));
    underWay.add(one);
    await sleep(1000 / PER_SECOND, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all([...underWay]);
  caller.close();
  anonymous.close();
  return { latencies: latencies.sort((a, b) => a - b), signIns: signIns.sort((a, b) => a - b), failures };
}

/** @param sorted numbers in rising order */
export function percentile(sorted, part) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
