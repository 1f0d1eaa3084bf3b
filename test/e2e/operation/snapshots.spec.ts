import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { DomainEvent } from '../../../src/domain/aggregates.js';
import { accountOf, accountStream, encode } from '../../../src/event-store/codec.js';
import { SqliteEventStore } from '../../../src/event-store/sqlite.event-store.js';
import { RunningApp } from '../../support/app.js';
import { operator, user } from '../../support/domain.js';
import { streamOf } from '../../support/log.js';

const directory = mkdtempSync(join(tmpdir(), 'muster-e2e-'));
afterAll(() => rmSync(directory, { recursive: true }));

const settings = { EVENT_STORE: 'sqlite', MUSTER_DATA_DIR: directory };

/** Ids of the accounts in the log. */
async function companies(): Promise<string[]> {
  const store = SqliteEventStore.open(directory);
  const streams = new Set<string>();
  for await (const page of store.readAll('')) for (const { stream } of page) streams.add(stream);
  await store.close();
  return [...streams].map(accountOf);
}

/** Appends users to the company as if they had been created one by one. */
async function grow(company: string, count: number): Promise<void> {
  const store = SqliteEventStore.open(directory);
  const stream = accountStream(company);
  let head = (await streamOf(store, stream)).length - 1;
  for (let from = 0; from < count; from += 500) {
    const users = Array.from({ length: 500 }, (_, index): DomainEvent => user(`u${from + index}`));
    const place = {
      account: company,
      revision: head + 1,
      actorRevision: null,
      time: new Date().toISOString(),
    };
    const encoded = encode(users, operator, place, randomUUID);
    await store.append(
      stream,
      head,
      encoded.map(({ proposed }) => proposed),
    );
    head += users.length;
  }
  await store.close();
}

/** Starts the service, renames the account some times, and stops it. */
async function rename(...names: string[]): Promise<number[]> {
  const app = await RunningApp.start(settings);
  const statuses: number[] = [];
  for (const name of names) statuses.push((await app.v2()('PATCH', '/account', { name })).status);
  await app.stop();
  return statuses;
}

test('a large account leaves a snapshot in the data directory, from which the next start goes on', async () => {
  expect(await rename('Small')).toEqual([200]);
  expect(readdirSync(directory)).not.toContain('snapshots');
  const [company = ''] = await companies();
  await grow(company, 20_000);
  // The second command waits for the snapshot that follows the first.
  expect(await rename('Large', 'Larger')).toEqual([200, 200]);
  expect(readdirSync(join(directory, 'snapshots'))).toEqual([`${company}.ndjson`]);
  expect(await rename('Larger', 'Largest')).toEqual([200, 200]);
});
