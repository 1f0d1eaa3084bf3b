import { afterEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Projector } from '../../src/read/projector.js';
import { readerKey, ReadableLog } from '../e2e/past/reader.js';
import { RandomLog, steps } from '../read/random-log.js';
import { RunningApp } from '../support/app.js';
import { Example, ExampleFiles } from '../support/example.js';
import { addGroup, addUser, openCompany, revision } from '../support/people.js';

interface Mirror {
  readonly revision: number | undefined;
  rows(): object;
  bootstrap(asOf?: number): Promise<void>;
  follow(wait?: number, limit?: number): Promise<number>;
}
interface Account {
  readonly url: string;
  readonly key: string;
  readonly client?: string;
}

const path = '../../examples/mirror.mjs';
const { Mirror: Copy } = (await import(path)) as { Mirror: new (file: string, account: Account) => Mirror };
const files = new ExampleFiles();

afterEach(() => files.clear());

/** A copy as of a revision, or of the end of its command. */
async function copyAsOf(account: Account, revision: number): Promise<Mirror> {
  const copy = new Copy(':memory:', account);
  await copy.bootstrap(revision);
  return copy;
}

/** Follows the feed from a moment on, and compares with the state as of each later moment at which a page ends. */
async function compare(account: Account, from: number, head: number, limit: number): Promise<void> {
  const copy = await copyAsOf(account, from);
  while ((copy.revision ?? head) < head) {
    await copy.follow(0, limit);
    const then = await copyAsOf(account, copy.revision ?? head);
    if (then.revision === copy.revision)
      expect([then.revision, copy.rows()]).toEqual([then.revision, then.rows()]);
  }
  expect(copy.rows()).toEqual((await copyAsOf(account, head)).rows());
}

test('the state as of R, and the feed after R applied to it, is the directory at any later moment', async () => {
  const places = fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 5, max: 25 }));
  await fc.assert(
    fc.asyncProperty(steps, places, async (drafts, [first, second, limit]) => {
      const app = await RunningApp.start();
      try {
        await new RandomLog().run(new ReadableLog(app), drafts);
        for (const [name, place] of [['acme', first] as const, ['client', second] as const]) {
          const account = { url: app.url, key: readerKey, ...(name === 'client' ? { client: name } : {}) };
          const head = app.app.get(Projector).revisionOf(name);
          // A client that was closed has no feed any more.
          const isThere = (await app.v2(readerKey)('GET', `/account?client_id=${name}`)).status === 200;
          if (name === 'acme' || isThere) await compare(account, place % (head + 1), head, limit);
        }
      } finally {
        await app.stop();
      }
    }),
    { numRuns: 4, endOnFailure: true },
  );
});

test('the mirror copies an account, follows it, and goes on from where it was stopped', async () => {
  const app = await RunningApp.start();
  const { admin } = await openCompany(app);
  const account = { url: app.url, key: admin.key };
  const file = files.at('mirror.db');
  for (const change of [() => addUser(admin.v1, { external_id: 'hr-17' }), () => addGroup(admin.v1)]) {
    await change();
    const [, head] = (await revision(admin.v1)).split('@');
    const example = new Example('mirror.mjs', [file], { MUSTER_URL: app.url, API_KEY: admin.key });
    await example.says(`The copy shows revision ${head}\n`);
    await example.kill();
    expect(new Copy(file, account).rows()).toEqual((await copyAsOf(account, Number(head))).rows());
  }
  await app.stop();
});
