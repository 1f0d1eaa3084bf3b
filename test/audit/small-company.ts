import type { AuditPage, ShownEntry } from '../../src/audit/answers.js';
import type { AuditQuery } from '../../src/audit/audit-query.js';
import type { AuditIndex } from '../../src/audit/index/audit-index.js';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { NO_STREAM } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { write } from '../support/audit.js';

export const opened = (name: string): DomainEvent => ({
  type: 'CompanyOpened',
  data: { name, all_users_group_id: 'all' },
});
export const created = (user_id: string, first_name = 'Ada'): DomainEvent => ({
  type: 'UserCreated',
  data: { user_id, first_name, last_name: 'Admin', email: `${user_id}@example.com`, external_id: null },
});
export const renamed = (user_id: string, first_name: string): DomainEvent => ({
  type: 'UserRenamed',
  data: { user_id, first_name, last_name: 'Admin' },
});

export const everything: AuditQuery = { filters: [], order: 'asc' };

export async function page(
  index: AuditIndex,
  account: string,
  revision: number,
  query: AuditQuery = everything,
  signal?: AbortSignal,
): Promise<readonly ShownEntry[]> {
  const question = {
    kind: 'page',
    at: { account, revision },
    now: Date.now(),
    query,
    paging: { limit: 1000 },
  } as const;
  return ((await index.answer(question, signal)) as AuditPage).entries;
}

/** A company of so many events, two at least. */
export async function company(count: number, account = 'one', store = new MemoryEventStore()) {
  await write(store, account, NO_STREAM, [opened('One'), created('ada')]);
  const names = Array.from({ length: count - 2 }, (_, at) => renamed('ada', `Ada${String(at)}`));
  for (let from = 0; from < names.length; from += 500)
    await write(store, account, from + 1, names.slice(from, from + 500));
  return store;
}

/** Asks until the answer comes: an index that was lost is tried again after a moment. */
export async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let turn = 0; ; turn += 1)
    try {
      return await ask();
    } catch (error) {
      if (turn > 2_000) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
}
