import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Signal } from '../../../src/event-store/signal.js';
import { type Answer, pick } from '../../support/api-client.js';
import { isReady, SharedLog } from '../../support/instances.js';
import { userFacts } from '../../support/people.js';

const restart = process.env['EVENTSTOREDB_RESTART'];
const ROUNDS = 5;
/** How long a caller waits at most for the truth or for 503. */
const LONGEST_ANSWER_MS = 10_000;

let log: SharedLog;
beforeAll(async () => {
  log = await SharedLog.open();
});
afterAll(() => log.close());

/** Kills the server and starts it again. Nothing is read from it: what it leaves running may keep its output open. */
async function restartServer(): Promise<void> {
  const command = spawn(restart ?? '', { shell: true, stdio: 'ignore' });
  expect(await once(command, 'exit')).toEqual([0, null]);
}

/** On a real server only: the tests' own peer is taken down in `outage.long.spec.ts`. */
const onRealServer = restart === undefined ? test.skip : test;

onRealServer('A server that is killed under load and started again loses and doubles nothing', async () => {
  const { client } = await log.start('loaded');
  const answers: { email: string; answer: Answer; tookMs: number }[] = [];
  const stored: string[] = [];
  const news = new Signal();
  const untilStored = async (count: number) => {
    for (const goal = stored.length + count; stored.length < goal;) await news.raised();
  };
  let isOver = false;
  const callers = Array.from({ length: 16 }, async (_, caller) => {
    for (let turn = 0; !isOver; turn += 1) {
      const email = `user-${caller}-${turn}@example.com`;
      const begun = performance.now();
      const answer = await client.v1()('POST', '/users', userFacts({ email }));
      answers.push({ email, answer, tookMs: performance.now() - begun });
      if (answer.status === 201) stored.push(email);
      news.raise();
    }
  });
  for (let round = 0; round < ROUNDS; round += 1) {
    await untilStored(200);
    await restartServer();
  }
  await untilStored(200);
  isOver = true;
  await Promise.all(callers);
  await isReady(client.url);
  const emails: string[] = [];
  for (let offset = 0; ; offset += 100) {
    const page = pick(await client.v1()('GET', `/users?limit=100&offset=${offset}`), 'data', 'users');
    const users = page as { email: string }[];
    if (users.length === 0) break;
    emails.push(...users.map(({ email }) => email));
  }
  expect(new Set(emails).size).toBe(emails.length);
  expect(stored.filter((email) => !emails.includes(email))).toEqual([]);
  for (const { answer } of answers) expect([201, 503]).toContain(answer.status);
  expect(answers.filter(({ tookMs }) => tookMs > LONGEST_ANSWER_MS)).toEqual([]);
});
