import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { isReady, SharedLog } from '../../support/instances.js';
import { userFacts } from '../../support/people.js';

const restart = process.env['EVENTSTOREDB_RESTART'];
const ROUNDS = 5;

let log: SharedLog;
beforeAll(async () => {
  log = await SharedLog.open();
});
afterAll(() => log.close());

/** On a real server only: the tests' own peer is taken down in `outage.spec.ts`. */
const onRealServer = restart === undefined ? test.skip : test;

onRealServer('A server that is killed under load and started again loses and doubles nothing', async () => {
  const { client } = await log.start('loaded');
  const answers: { email: string; answer: Answer }[] = [];
  let isOver = false;
  const callers = Array.from({ length: 16 }, async (_, caller) => {
    for (let turn = 0; !isOver; turn += 1) {
      const email = `user-${caller}-${turn}@example.com`;
      answers.push({ email, answer: await client.v1()('POST', '/users', userFacts({ email })) });
    }
  });
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = answers.length;
    while (answers.length < before + 200) await new Promise(setImmediate);
    await promisify(exec)(restart ?? '');
    await isReady(client.url);
  }
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
  const done = answers.filter(({ answer }) => answer.status === 201).map(({ email }) => email);
  expect(done.filter((email) => !emails.includes(email))).toEqual([]);
  for (const { answer } of answers) expect([201, 503]).toContain(answer.status);
});
