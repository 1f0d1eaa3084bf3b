import { DatabaseSync } from '@photostructure/sqlite';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

const GROUPS = 1000;
const EVENTS_A_USER = 10;
const ACTORS = 50;
const BATCH = 1000;
const YEAR_MS = 365 * 24 * 3_600_000;
const VIEW_ONLY = 'a0000000000000000000000000000003';
const firstNames = ['Jane', 'José', 'Ada', 'Adalbert', 'Zoë', 'Jonas', 'Jon'];

/** What a long log is about. */
export const idOf = (kind, number) =>
  Buffer.from(kind).toString('hex').padEnd(16, '0') +
  (Math.imul(number, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0') +
  number.toString(16).padStart(8, '0');

/**
 * Writes a year of events into the account of a service that is stopped, as the service would have written them: users who
 * come, are renamed, and join and leave groups.
 * @param directory of a service that has opened its company and nothing else
 * @returns the numbers of users and groups, and the last revision
 */
export async function writeLongLog(directory, count) {
  // Only now: the other scenarios need no build to be there.
  const { encode } = await import('../dist/event-store/codec.js');
  const { SqliteEventStore } = await import('../dist/event-store/sqlite.event-store.js');
  const begin = Date.now() - YEAR_MS;
  const { account, opened } = openedAt(directory, new Date(begin).toISOString());
  for (const name of ['views.db', 'audit.db'])
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(directory, name + suffix), { force: true });
  const store = SqliteEventStore.open(directory);
  const users = Math.floor((count - opened - GROUPS) / EVENTS_A_USER);
  const total = opened + GROUPS + users * EVENTS_A_USER;
  let revision = opened - 1;
  let batch = [];
  const flush = async () => {
    await store.append(`account-${account}`, revision, batch);
    revision += batch.length;
    batch = [];
  };
  for (const event of history(users)) {
    const at = revision + 1 + batch.length;
    const actor = at % 3 > 0 && at > opened + GROUPS + ACTORS * EVENTS_A_USER;
    const meta = {
      ...{ commandId: randomUUID(), requestId: randomUUID(), via: at % 2 ? 'v1' : 'v2' },
      actor: actor ? { kind: 'user', id: idOf('user', at % ACTORS), account } : { kind: 'operator' },
      credential: { kind: actor ? 'password' : 'operator_key' },
      ...(at % 5 === 0 ? { reason: `Ticket ${at % 997}` } : {}),
    };
    const time = new Date(begin + Math.floor((at / total) * YEAR_MS)).toISOString();
    const place = { account, revision: at, actorRevision: actor ? at - 1 : null, time };
    batch.push(encode([event], meta, place, randomUUID)[0].proposed);
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  await store.close();
  return { users, groups: GROUPS, head: revision };
}

function* history(users) {
  for (let n = 0; n < GROUPS; n += 1) {
    const permissions = n % 4 === 0 ? ['client.access'] : [];
    const facts = { name: `Group ${n}`, description: '', external_id: null, permissions };
    yield { type: 'GroupCreated', data: { group_id: idOf('group', n), ...facts } };
  }
  for (let n = 0; n < users; n += 1) {
    const user_id = idOf('user', n);
    const group = (round) => ({ user_id, group_id: idOf('group', (n * 7 + round * 13) % GROUPS) });
    const joins = (round) => ({ type: 'UserAddedToGroup', data: { ...group(round), can_edit: n % 2 === 0 } });
    const names = (round) => ({
      first_name: firstNames[(n + round) % firstNames.length],
      last_name: `Doe${n % 5000} ${n}`,
    });
    const email = `jane.${n}@company.example`;
    yield { type: 'UserCreated', data: { user_id, ...names(0), email, external_id: null } };
    for (const round of [0, 1, 2]) yield joins(round);
    yield { type: 'UserAddedToRole', data: { user_id, role_id: VIEW_ONLY } };
    yield { type: 'UserRenamed', data: { user_id, ...names(1) } };
    yield joins(3);
    yield { type: 'UserRemovedFromGroup', data: group(1) };
    yield joins(4);
    yield { type: 'UserRenamed', data: { user_id, ...names(2) } };
  }
}

/** Has the events that are there happened at a time. @returns their account, and how many there are */
function openedAt(directory, time) {
  const database = new DatabaseSync(join(directory, 'events.db'));
  try {
    database.prepare("UPDATE events SET metadata = json_set(metadata, '$.time', ?)").run(time);
    const { name, head } = database.prepare('SELECT name, head FROM streams').get();
    return { account: name.slice('account-'.length), opened: head + 1 };
  } finally {
    database.close();
  }
}
