import { once } from 'node:events';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { beforeEach, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { AuditLog } from '../../src/audit/audit-log.js';
import type { AuditQuery } from '../../src/audit/audit-query.js';
import { AuditThread } from '../../src/audit/thread/audit-thread.js';
import { EventPages } from '../../src/audit/thread/event-pages.js';
import { accountStream } from '../../src/event-store/codec.js';
import { NO_STREAM, type RecordedEvent } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { revisionsOf, write } from '../support/audit.js';
import { inDirectory } from '../support/views.js';
import { writeBusyAccount } from './busy-account.js';

Logger.overrideLogger(false);

const account = 'busy';
const COUNT = 1_500;
const query: AuditQuery = { filters: [], order: 'asc' };

let store: MemoryEventStore;
let head = 0;
let isLogLost: boolean;
beforeEach(async () => {
  isLogLost = false;
  store = new MemoryEventStore();
  head = (await writeBusyAccount(store, account, COUNT)).length - 1;
});

/** An index on a thread, of the log in this process. */
async function withThread(
  work: (audit: AuditLog, thread: AuditThread, reads: number[]) => Promise<void>,
): Promise<void> {
  await inDirectory(async (directory) => {
    const pages = new EventPages(store);
    const reads: number[] = [];
    const events = (id: string, after: number): Promise<readonly RecordedEvent[]> => {
      reads.push(after);
      return isLogLost ? new Promise(() => undefined) : pages.after(id, after);
    };
    const thread = new AuditThread({
      ...{ path: join(directory, 'audit.db'), snapshots: join(directory, 'snapshots') },
      accountsMemory: 30,
      views: join(directory, 'views.db'),
      ...{ source: { logId: () => store.logId(), events }, heads: () => [[account, head]] },
      lastUses: () => Promise.resolve(new Map()),
    });
    const audit = new AuditLog(thread, () => Date.now());
    try {
      await work(audit, thread, reads);
    } finally {
      await audit.stop();
    }
  });
}

/** Asks again while the thread is being started anew. */
async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let turn = 0; ; turn += 1)
    try {
      return await ask();
    } catch (error) {
      if (turn > 5_000) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
}

function workerOf(thread: AuditThread): Worker {
  return (Reflect.get(thread, 'thread') as { worker: Worker }).worker;
}

const someOf = (reads: number[]) =>
  reads.length > 0 ? Promise.resolve() : Promise.reject(new Error('not yet'));

const at = () => ({ account, revision: head });
const firstPage = (audit: AuditLog) => patiently(() => audit.page(at(), query, { limit: 1000 }));

test('answers what is asked of it', async () => {
  await withThread(async (audit) => {
    const { entries, next_cursor } = await firstPage(audit);
    expect(revisionsOf(entries)).toEqual(Array.from({ length: 1000 }, (_, revision) => revision));
    const rest = await audit.page(at(), query, { limit: 1000, cursor: next_cursor ?? '' });
    expect(rest.entries).toHaveLength(head + 1 - 1000);
    expect(await audit.entry(at(), 5)).toEqual(entries[5]);
    expect(await audit.entry(at(), head + 1)).toBeUndefined();
    const counts = await audit.stats(at(), query, 'event');
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(head + 1);
    const history = await audit.history(at(), { type: 'user', id: 'user-1' }, { limit: 10 });
    expect(history.entries.every(({ subjects }) => subjects.some(({ id }) => id === 'user-1'))).toBe(true);
  });
});

test('refuses as an index on the same thread does', async () => {
  await withThread(async (audit) => {
    await firstPage(audit);
    const wrong = audit.page(at(), query, { limit: 1, cursor: 'wrong' });
    await expect(wrong).rejects.toMatchObject({ code: 'bad_request', kind: 'invalid' });
  });
});

test('exports everything in chunks, and can be left early', async () => {
  await withThread(async (audit) => {
    await firstPage(audit);
    const revisions: number[] = [];
    for await (const chunk of audit.export(at(), query)) {
      expect(chunk.rows.map((row) => (JSON.parse(row) as { revision: number }).revision)).toEqual(
        chunk.revisions,
      );
      revisions.push(...chunk.revisions);
    }
    expect(revisions).toEqual(Array.from({ length: head + 1 }, (_, revision) => revision));
    for await (const { rows } of audit.export(at(), query)) {
      expect(rows.length).toBeGreaterThan(0);
      break;
    }
    expect((await firstPage(audit)).entries).toHaveLength(1000);
  });
});

test('shows what was written at once, and indexes in the background what it is told of', async () => {
  await withThread(async (audit, thread, reads) => {
    await firstPage(audit);
    const renamed = { user_id: 'user-1', first_name: 'New', last_name: 'Name' };
    await write(store, account, head, [{ type: 'UserRenamed', data: renamed }]);
    head += 1;
    expect((await audit.entry(at(), head))?.event).toBe('UserRenamed');
    await write(store, account, head, [{ type: 'UserRenamed', data: { ...renamed, first_name: 'Newer' } }]);
    head += 1;
    const read = reads.length;
    thread.moved(account, head);
    await patiently(() => someOf(reads.slice(read)));
    expect(reads.at(-1)).toBe(head - 1);
  });
});

test('is begun again after a crash: who asked hears of it, and who asks then is answered', async () => {
  await withThread(async (audit, thread) => {
    await firstPage(audit);
    // It is no message that the thread knows.
    workerOf(thread).postMessage(null);
    const asked = audit.stats(at(), query, 'hour');
    await expect(asked).rejects.toMatchObject({ code: 'unavailable' });
    expect((await firstPage(audit)).entries).toHaveLength(1000);
  });
});

test('a question that is given up is answered with the reason', async () => {
  await withThread(async (audit) => {
    await firstPage(audit);
    const abort = new AbortController();
    const asked = audit.page(at(), query, { limit: 1000 }, abort.signal);
    abort.abort(new Error('hung up'));
    await expect(asked).rejects.toThrow('hung up');
  });
});

test.each<[string, boolean, (reads: number[]) => Promise<unknown>]>([
  ['before it has come to its work', false, () => Promise.resolve()],
  ['in the midst of its work', false, (reads) => patiently(() => someOf(reads))],
  ['while it waits for the log', true, (reads) => patiently(() => someOf(reads))],
])('ends by itself when it is stopped %s', async (_, isLost, begin) => {
  isLogLost = isLost;
  await withThread(async (audit, thread, reads) => {
    thread.start();
    const ended = once(workerOf(thread), 'exit');
    await begin(reads);
    await audit.stop();
    // One that is ended from outside has 1.
    expect(await ended).toEqual([0]);
  });
});

test('takes no more questions once it has stopped', async () => {
  await withThread(async (audit) => {
    await firstPage(audit);
    await audit.stop();
    await expect(audit.entry(at(), 0)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

test('pages of events go on with one read, and find what has come after its end', async () => {
  const begun: number[] = [];
  const pages = new EventPages({
    readStream: (stream, after) => {
      begun.push(after);
      return store.readStream(stream, after);
    },
  });
  let last = NO_STREAM;
  for (let page = await pages.after(account, last); page.length > 0; page = await pages.after(account, last))
    last = page.at(-1)?.revision ?? last;
  expect(last).toBe(head);
  expect(begun).toEqual([NO_STREAM, head]);
  const [event] = await pages.after(account, head - 1);
  expect(event).toMatchObject({ stream: accountStream(account), revision: head });
  await write(store, account, head, [{ type: 'AccountRenamed', data: { name: 'Later' } }]);
  expect((await pages.after(account, head)).map(({ revision }) => revision)).toEqual([head + 1]);
  await pages.close();
});
