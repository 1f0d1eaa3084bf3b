import { randomUUID } from 'node:crypto';
import type { ShownEntry } from '../../src/audit/answers.js';
import type { Change, Entry, ForeignNames, Subject } from '../../src/audit/entry.js';
import { AuditIndex } from '../../src/audit/index/audit-index.js';
import type { AuditIndexOptions } from '../../src/audit/index/audit-index-options.js';
import type { AuditSource } from '../../src/audit/source.js';
import type { AccountState } from '../../src/domain/account-state.js';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import type { Category } from '../../src/domain/category.js';
import { type AccountEventRecord, accountStream, decode, encode } from '../../src/event-store/codec.js';
import { type EventStore, NO_STREAM } from '../../src/event-store/event-store.js';
import type { CommandMeta } from '../../src/domain/command.js';

/** An entry that has all that the index goes by, in the tests' own words: what real entries say is tested elsewhere. */
export function testEntry(
  before: AccountState,
  { account, revision, event, metadata }: AccountEventRecord,
  names: ForeignNames,
): Entry {
  const subjects: Subject[] = [];
  const data: Readonly<Record<string, unknown>> = { ...event.data };
  const { first_name, last_name } = data;
  if (typeof data['user_id'] === 'string') {
    const user = before.users.get(data['user_id']);
    const { first_name: first, last_name: last } = user ?? { first_name, last_name };
    subjects.push({ type: 'user', id: data['user_id'], name: `${String(first)} ${String(last)}` });
  }
  if (typeof data['group_id'] === 'string') {
    const name = before.groups.get(data['group_id'])?.name ?? data['name'];
    subjects.push({ type: 'group', id: data['group_id'], name: String(name) });
  }
  if (subjects.length === 0) subjects.push({ type: 'account', id: account, name: 'Account' });
  const changes: Change[] = Object.entries(data)
    .filter(([field]) => !field.endsWith('_id'))
    .map(([field, after]) => ({ field, before: null, after, of: 0 }));
  const { actor } = metadata;
  const actorName =
    actor.account === null || actor.account === account
      ? actor.id
      : (names.nameOf(actor.account, 'user', actor.id, { revision: actor.revision ?? 0 }) ?? '?');
  return {
    ...{ revision, time: metadata.time, event: event.type },
    summary: `${event.type} of ${subjects.map(({ name }) => name).join(' and ')}`,
    actor: { kind: actor.kind, id: actor.kind === 'user' ? actor.id : null, name: actorName },
    credential: metadata.credential && { kind: metadata.credential.kind, id: null, name: null },
    ...{ via: metadata.via, request_id: metadata.request_id, command_id: metadata.command_id },
    ...{ reason: metadata.reason ?? null, category: categoryOf(event.type) },
    ...{ privileged: event.type === 'UserAddedToRole', subjects, changes, caused_by: null },
  };
}

function categoryOf(type: string): Category {
  if (/(Created|Opened)$/.test(type)) return 'create';
  if (/(Added|Removed)/.test(type)) return 'membership';
  return type.endsWith('Deleted') ? 'delete' : 'update';
}

/** Who writes to a log in a test, when and why. */
export interface Writing {
  readonly actor?: CommandMeta['actor'];
  readonly actorRevision?: number;
  readonly time?: string;
  readonly reason?: string;
  readonly requestId?: string;
}

/** Appends events of one command to an account's stream. */
export async function write(
  store: EventStore,
  account: string,
  after: number,
  events: readonly DomainEvent[],
  writing: Writing = {},
): Promise<AccountEventRecord[]> {
  const { actor = { kind: 'system' }, time = '2026-03-02T10:00:00.000Z', actorRevision = null } = writing;
  const meta: CommandMeta = {
    ...{
      commandId: randomUUID(),
      requestId: writing.requestId ?? randomUUID(),
      via: 'v2',
      actor,
      credential: { kind: 'none' },
    },
    ...(writing.reason === undefined ? {} : { reason: writing.reason }),
  };
  const place = { account, revision: after + 1, actorRevision, time };
  const encoded = encode(events, meta, place, randomUUID);
  await store.append(
    accountStream(account),
    after,
    encoded.map(({ proposed }) => proposed),
  );
  return encoded.map(({ record }) => record);
}

/** Reads from a store as the service does. */
export class TestSource implements AuditSource {
  /** How many pages were read of an account. */
  readonly reads: string[] = [];
  beforeRead: (account: string, after: number) => unknown = () => undefined;

  /** Whether the thread that serves requests has much to do. */
  busy = false;

  constructor(
    private readonly store: EventStore,
    readonly snapshot: AuditSource['snapshot'] = () => Promise.resolve(undefined),
  ) {}

  logId(): Promise<string> {
    return this.store.logId();
  }

  isBusy(): Promise<boolean> {
    return Promise.resolve(this.busy);
  }

  async events(...[account, after]: Parameters<AuditSource['events']>): ReturnType<AuditSource['events']> {
    this.reads.push(account);
    await this.beforeRead(account, after);
    for await (const page of this.store.readStream(accountStream(account), after)) return page;
    return [];
  }
}

/** An index of a log, with entries of the tests' own. */
export function testIndex(source: AuditSource, options: Partial<AuditIndexOptions> = {}): AuditIndex {
  return new AuditIndex(
    { path: ':memory:', code: 'test', entryOf: testEntry, patienceMs: 120_000, ...options },
    source,
  );
}

/** The records of an account. */
export async function recordsIn(store: EventStore, account: string): Promise<AccountEventRecord[]> {
  const records: AccountEventRecord[] = [];
  for await (const page of store.readStream(accountStream(account), NO_STREAM))
    records.push(...page.map(decode));
  return records;
}

export const revisionsOf = (entries: readonly ShownEntry[]) => entries.map(({ revision }) => revision);
