import { connect } from 'node:net';
import { basic, bearer, Caller } from './call.mjs';

const BODY_BYTES = 512 * 1024;
const names = (count, length) => Array.from({ length: count }, (_, n) => n.toString(36).padEnd(length, '.x'));

/**
 * The attacks: what each sends as one step, and how many of its steps are under way at once.
 * `scene` is what the operator has opened: port, attackers and the victim, each with key, email, password and user id.
 */
export function attacksOn(scene) {
  const { port, mallory, eve, victim } = scene;
  const callers = [];
  const caller = (headers, connections) => {
    const made = new Caller(port, { headers, connections });
    callers.push(made);
    return made;
  };
  const own = caller(bearer(mallory.key), 12);
  const weak = caller(bearer(scene.memberKey), 6);
  const other = caller(bearer(eve.key), 6);
  const anonymous = caller({}, 80);
  let count = 0;
  const next = () => (count += 1);
  const sockets = new Set();

  const attacks = {
    'lists of 64,000 permissions': [
      2,
      () => own.call('POST', '/api/v2/groups', { name: `many ${next()}`, permissions: names(64_000, 5) }),
    ],
    'lists as long as they may be': [
      1,
      () => own.call('POST', '/api/v2/groups', { name: `full ${next()}`, permissions: names(2_000, 250) }),
    ],
    'the same list in turns': [
      1,
      () =>
        own.call('PUT', `/api/v2/groups/${scene.groups[0]}`, {
          permissions: names(1_500 + (next() % 2), 250),
        }),
    ],
    'what a member of large groups may do': [
      3,
      () => {
        const paths = ['/api/1.0/profile', '/api/1.0/users?full=true', '/api/1.0/groups?full=true'];
        const permissions = `/api/v2/users/${scene.member}/effective-permissions`;
        const path = [...paths, '/api/1.0/clients?full=true', permissions][next() % 5];
        return weak.call(
          'GET',
          path,
          undefined,
          path.startsWith('/api/1.0') ? { 'kf-api-key': scene.memberKey } : {},
        );
      },
    ],
    'guesses at an address of many accounts': [
      6,
      () => anonymous.call('GET', '/api/1.0/profile', undefined, basic(scene.shared, `guess-${next()}`)),
    ],
    'guesses at the address of the victim': [
      6,
      () =>
        anonymous.call(
          'GET',
          '/api/1.0/profile',
          undefined,
          basic(`x${next()}@${victim.domain}`, 'guess-guess'),
        ),
    ],
    'sign-ins of nobody': [
      40,
      () =>
        anonymous.call('GET', '/api/1.0/users', undefined, basic(`${next()}@nobody.example`, 'guess-guess')),
    ],
    'large bodies without a credential': [
      4,
      () =>
        anonymous.call(
          'POST',
          '/api/v2/password',
          `{"token":"x","password":"${'x'.repeat(BODY_BYTES - 64)}"}`,
        ),
    ],
    'new users with passwords': [
      8,
      () =>
        other.call(
          'POST',
          '/api/1.0/users',
          {
            first_name: 'E',
            last_name: 'E',
            email: `e${next()}@eve.example`,
            roles: [scene.role],
            password: 'x'.repeat(40),
          },
          { 'kf-api-key': eve.key },
        ),
    ],
    'mails to one user': [
      2,
      () => other.call('POST', `/api/1.0/users/${eve.user}/@/reset-password`, {}, { 'kf-api-key': eve.key }),
    ],
    'methods and paths that there are not': [
      2,
      () => anonymous.call(['PURGE', 'PROPFIND', 'LINK', 'TRACE'][next() % 4], `/api/v2/x${next()}`),
    ],
    'reads of the whole log': [
      1,
      () =>
        own.call(
          'GET',
          ['/api/v2/audit?limit=1000', '/api/v2/access-review', '/api/v2/audit?q=full'][next() % 3],
        ),
    ],
    'requests that do not end': [2, () => unended(port, sockets)],
  };
  const close = () => {
    for (const one of callers) one.close();
    for (const socket of sockets) socket.destroy();
  };
  return { attacks, close };
}

/** Opens connections that send a part of a body, up to 300 at a time. */
function unended(port, sockets) {
  return new Promise((resolve) => {
    if (sockets.size >= 300) {
      setTimeout(() => resolve({ status: 0, ms: 0 }), 250);
      return;
    }
    const socket = connect({ port, host: '127.0.0.1' });
    sockets.add(socket);
    socket.on('connect', () => {
      socket.write(
        `POST /api/v2/password HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500000\r\n\r\n${'{'.padEnd(60_000)}`,
      );
      resolve({ status: 0, ms: 0 });
    });
    const end = () => {
      sockets.delete(socket);
      resolve({ status: 0, ms: 0 });
    };
    socket.on('error', end);
    socket.on('close', end);
  });
}
