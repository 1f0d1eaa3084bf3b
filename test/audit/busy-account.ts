import type { DomainEvent } from '../../src/domain/aggregates.js';
import type { AccountEventRecord } from '../../src/event-store/codec.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { type Writing, write } from '../support/audit.js';

const firstNames = ['José', 'Ada', 'Adalbert', 'Zoë', 'Jonas', 'Jon'];
const lastNames = ['Müller', 'Lovelace', 'Ångström', 'de la Cruz'];
const start = Date.parse('2026-01-05T00:00:00.000Z');

export const userIds = Array.from({ length: 12 }, (_, index) => `user-${String(index)}`);
export const groupIds = ['group-0', 'group-1', 'group-2'];
export const reasons = ['Ticket 4711', 'Müller has left', undefined];

/** An account of many events by several actors over weeks, whose clock was set back now and then. */
export async function writeBusyAccount(
  store: EventStore,
  account: string,
  count: number,
): Promise<AccountEventRecord[]> {
  const random = new Random(7);
  const records: AccountEventRecord[] = [];
  let time = start;
  const append = async (events: readonly DomainEvent[]) => {
    time += random.below(20) === 0 ? -3_600_000 : random.below(1_200_000);
    const user = { kind: 'user', id: random.of(userIds), account } as const;
    const reason = random.of(reasons);
    const writing: Writing = {
      actor: random.below(4) === 0 ? { kind: 'operator' } : user,
      ...{ time: new Date(time).toISOString(), actorRevision: records.length },
      ...{ requestId: `request-${String(Math.floor(records.length / 3))}` },
      ...(reason === undefined ? {} : { reason }),
    };
    records.push(...(await write(store, account, records.length - 1, events, writing)));
  };
  await append([{ type: 'CompanyOpened', data: { name: 'Busy', all_users_group_id: 'all' } }]);
  for (const user_id of userIds) await append([created(user_id, random)]);
  for (const group_id of groupIds) await append([createdGroup(group_id)]);
  const members = new Set<string>();
  while (records.length < count) {
    const events = Array.from({ length: 1 + random.below(3) }, () => somethingOf(members, random));
    await append(events);
  }
  return records;
}

function somethingOf(members: Set<string>, random: Random): DomainEvent {
  const [user_id, group_id] = [random.of(userIds), random.of(groupIds)];
  if (random.below(2) === 0) {
    const [first_name, last_name] = [random.of(firstNames), random.of(lastNames)];
    return { type: 'UserRenamed', data: { user_id, first_name, last_name } };
  }
  const pair = `${user_id} ${group_id}`;
  if (members.delete(pair)) return { type: 'UserRemovedFromGroup', data: { user_id, group_id } };
  members.add(pair);
  return { type: 'UserAddedToGroup', data: { user_id, group_id, can_edit: false } };
}

function created(user_id: string, random: Random): DomainEvent {
  const [first_name, last_name] = [random.of(firstNames), random.of(lastNames)];
  const data = { user_id, first_name, last_name, email: `${user_id}@example.com`, external_id: null };
  return { type: 'UserCreated', data };
}

function createdGroup(group_id: string): DomainEvent {
  const data = { group_id, name: `Team ${group_id}`, description: '', external_id: null, permissions: [] };
  return { type: 'GroupCreated', data };
}

/** The same numbers in each run. */
class Random {
  constructor(private state: number) {}

  below(limit: number): number {
    this.state = (Math.imul(this.state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((this.state / 0x80000000) * limit);
  }

  of<Item>(items: readonly [Item, ...Item[]] | readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}
