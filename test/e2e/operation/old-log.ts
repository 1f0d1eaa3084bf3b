import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '../../../src/domain/account-state.js';
import { accountStream, encode } from '../../../src/event-store/codec.js';
import { SqliteEventStore } from '../../../src/event-store/sqlite.event-store.js';

export const oldAccount = '0123456789abcdef0123456789abcdef';

/** Makes a log with one company of so many users, as a service that has lost its views would find it. */
export async function writeLog(directory: string, users: number): Promise<void> {
  const store = SqliteEventStore.open(directory);
  const meta = { commandId: 'c', requestId: 'r', via: 'system', actor: { type: 'system' } } as const;
  const events: DomainEvent[] = [
    { type: 'CompanyOpened', data: { name: 'Old', all_users_group_id: 'everybody' } },
    ...Array.from({ length: users }, (_, n): DomainEvent => {
      const [user_id, email] = [`user-${n}`, `user-${n}@example.com`];
      const names = { first_name: 'J', last_name: 'D', external_id: null };
      return { type: 'UserCreated', data: { user_id, email, ...names } };
    }),
  ];
  for (let from = 0; from < events.length; from += 1000) {
    const page = events.slice(from, from + 1000);
    const encoded = encode(page, meta, null, new Date().toISOString(), randomUUID);
    await store.append(
      accountStream(oldAccount),
      from - 1,
      encoded.map(({ proposed }) => proposed),
    );
  }
  await store.close();
}
