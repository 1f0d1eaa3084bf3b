import { randomUUID } from 'node:crypto';
import { hashApiKey } from '../../../src/application/secrets.js';
import { noCredential } from '../../../src/domain/command.js';
import type { DomainEvent } from '../../../src/domain/aggregates.js';
import { accountStream, encode } from '../../../src/event-store/codec.js';
import { SqliteEventStore } from '../../../src/event-store/sqlite.event-store.js';
import { adminKey } from '../../support/api-client.js';
import { ADMIN } from '../../support/people.js';

export const oldAccount = '0123456789abcdef0123456789abcdef';

/**
 * Makes a log as a service that has lost its views would find it: a company of so many users, and a small one
 * with an Admin whose key is {@link adminKey}.
 */
export async function writeLog(directory: string, users: number): Promise<void> {
  const store = SqliteEventStore.open(directory);
  await write(store, oldAccount, [
    opened('Old'),
    ...Array.from({ length: users }, (_, n) => created(`user-${n}`)),
  ]);
  const user_id = 'admin';
  await write(store, 'small', [
    opened('Small'),
    created(user_id),
    { type: 'UserAddedToRole', data: { user_id, role_id: ADMIN } },
    {
      type: 'ApiKeyIssued',
      data: {
        ...{ user_id, key_id: 'k', name: 'Key', key_hash: hashApiKey(adminKey) },
        ...{ issued_by: null, limited_by: [] },
      },
    },
  ]);
  await store.close();
}

/** Adds an account of an older version to a log: one with this Admin, whose key is `old-key`, and more events. */
export async function writeAccount(directory: string, admin: DomainEvent, more: readonly DomainEvent[]) {
  const store = SqliteEventStore.open(directory);
  const user_id = 'admin';
  await write(store, 'old', [
    opened('Old'),
    admin,
    { type: 'UserAddedToRole', data: { user_id, role_id: ADMIN } },
    {
      type: 'ApiKeyIssued',
      data: {
        ...{ user_id, key_id: 'k', name: 'Key', key_hash: hashApiKey('old-key') },
        ...{ issued_by: null, limited_by: [] },
      },
    },
    ...more,
  ]);
  await store.close();
}

function opened(name: string): DomainEvent {
  return { type: 'CompanyOpened', data: { name, all_users_group_id: `everybody-of-${name}` } };
}

function created(user_id: string): DomainEvent {
  const names = { first_name: 'J', last_name: 'D', external_id: null };
  return { type: 'UserCreated', data: { user_id, email: `${user_id}@example.com`, ...names } };
}

async function write(store: SqliteEventStore, account: string, events: readonly DomainEvent[]) {
  const meta = {
    commandId: 'c',
    requestId: 'r',
    via: 'system',
    actor: { kind: 'system' },
    credential: noCredential,
  } as const;
  for (let from = 0; from < events.length; from += 1000) {
    const page = events.slice(from, from + 1000);
    const place = {
      account,
      revision: from,
      actorRevision: null,
      time: new Date().toISOString(),
    };
    const encoded = encode(page, meta, place, randomUUID);
    await store.append(
      accountStream(account),
      from - 1,
      encoded.map(({ proposed }) => proposed),
    );
  }
}
