import { describe, expect, it } from '@jest/globals';
import type { Entry, ForeignNames } from '../../src/audit/entry.js';
import { entryOf } from '../../src/audit/entry/entry-of.js';
import { evolve, emptyAccountState } from '../../src/domain/account-state.js';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { eventCatalogue } from '../../src/domain/event-catalogue.js';
import { decode } from '../../src/event-store/codec.js';
import { client, company, group, inGroup, recorded, stateOf, tabs } from '../support/domain.js';
import { records } from '../support/golden.js';
import { builders, entry, type History, jane, nowhere } from './told.js';

/** What an entry says of each subject: its id, and each field with what it was and is. */
function changesBy({ subjects, changes }: Entry): unknown[] {
  return changes.map(({ field, before, after, of }) => [
    ...[of === null ? 'each' : subjects[of]?.id, field, before, after],
  ]);
}

describe('The entry of an event', () => {
  it('says who did what to whom in one sentence, with the names of then', () => {
    const told = entry(inGroup('jane', 'builders'), [company, jane, builders]);
    expect(told.summary).toBe('ann Doe added Jane Doe to Builders');
    expect(told.actor).toEqual({ kind: 'user', id: 'ann', name: 'ann Doe' });
    expect(told.subjects).toEqual([
      { type: 'group', id: 'builders', name: 'Builders' },
      { type: 'user', id: 'jane', name: 'Jane Doe' },
    ]);
    expect(told.category).toBe('membership');
  });

  it.each<[string, DomainEvent, History, unknown[]]>([
    [
      'a new thing: null before each field that it has',
      group('g', { name: 'Gee', permissions: ['a'] }),
      [company],
      [
        ['g', 'name', null, 'Gee'],
        ['g', 'description', null, ''],
        ['g', 'permissions', null, ['a']],
      ],
    ],
    [
      'a renamed user: the field that changed, and no other',
      { type: 'UserRenamed', data: { user_id: 'jane', first_name: 'Jane', last_name: 'Roe' } },
      [company, jane],
      [['jane', 'last_name', 'Doe', 'Roe']],
    ],
    [
      'replaced permissions',
      { type: 'GroupPermissionsReplaced', data: { group_id: 'builders', permissions: [] } },
      [company, builders],
      [['builders', 'permissions', ['klip.build'], []]],
    ],
    [
      'a new membership, on both sides',
      inGroup('jane', 'builders', true),
      [company, jane, builders],
      [
        ['builders', 'users', null, { id: 'jane', name: 'Jane Doe', can_edit: true }],
        ['jane', 'groups', null, { id: 'builders', name: 'Builders', can_edit: true }],
      ],
    ],
    [
      'a changed membership',
      { type: 'MembershipChanged', data: { user_id: 'jane', group_id: 'builders', can_edit: true } },
      [company, jane, builders, inGroup('jane', 'builders')],
      [['each', 'can_edit', false, true]],
    ],
    [
      'a share that changed, of the client and the group',
      { type: 'ClientShared', data: { client_id: 'c', group_id: 'builders', can_manage: true } },
      [
        company,
        builders,
        { type: 'ClientShared', data: { client_id: 'c', group_id: 'builders', can_manage: false } },
      ],
      [['each', 'can_manage', false, true]],
    ],
    [
      'a contact: the former one, too',
      { type: 'ContactAssigned', data: { contact: 'super_admin', user_id: 'jane' } },
      [company, jane, { type: 'ContactAssigned', data: { contact: 'super_admin', user_id: 'ann' } }],
      [['jane', 'super_admin', 'ann', 'jane']],
    ],
    [
      'a lock',
      { type: 'UserLocked', data: { user_id: 'jane', until: '2024-05-01T13:00:00.000Z' } },
      [company, jane],
      [['jane', 'locked_until', null, '2024-05-01T13:00:00.000Z']],
    ],
    [
      'properties: those that change, by name',
      { type: 'UserPropertiesSet', data: { user_id: 'jane', properties: { colour: 'red' } } },
      [
        company,
        jane,
        { type: 'UserPropertyAdded', data: { name: 'colour' } },
        { type: 'UserPropertiesSet', data: { user_id: 'jane', properties: { colour: 'blue' } } },
      ],
      [['jane', 'properties', { colour: 'blue' }, { colour: 'red' }]],
    ],
    [
      'a new property: its name, which the account has not had',
      { type: 'UserPropertyAdded', data: { name: 'colour' } },
      [company],
      [['acme', 'name', null, 'colour']],
    ],
    [
      'a removed tab: the tab that it was of, too',
      { type: 'UserTabInstanceRemoved', data: { user_id: 'jane', tab_instance_id: 'i2' } },
      [company, jane, tabs('jane', ['i1', 'home'], ['i2', 'sales'])],
      [['jane', 'tab_instances', [{ tab_instance_id: 'i2', tab_id: 'sales' }], null]],
    ],
    [
      'a client account',
      { type: 'ClientStatusChanged', data: { status: 'disabled' } },
      [client()],
      [['acme', 'status', 'active', 'disabled']],
    ],
    [
      'a password: nothing',
      { type: 'UserPasswordSet', data: { user_id: 'jane', password_hash: 'hash' } },
      [company, jane],
      [],
    ],
  ])('has before and after of %s', (_, event, history, changes) =>
    expect(changesBy(entry(event, history))).toEqual(changes),
  );

  it('names the former contact as a subject, whose history it belongs to as well', () => {
    const before: DomainEvent = { type: 'ContactAssigned', data: { contact: 'super_admin', user_id: 'ann' } };
    const after: DomainEvent = { type: 'ContactAssigned', data: { contact: 'super_admin', user_id: 'jane' } };
    expect(entry(after, [company, jane, before]).subjects.map(({ id }) => id)).toEqual(['jane', 'ann']);
  });

  it('has the new name of what is renamed, and tells the old one in its sentence', () => {
    const told = entry({ type: 'GroupRenamed', data: { group_id: 'builders', name: 'Makers' } }, [
      company,
      builders,
    ]);
    expect(told.subjects[0]?.name).toBe('Makers');
    expect(told.summary).toBe('ann Doe renamed the group Builders to Makers');
  });

  it('has every former member of a deleted group as a subject', () => {
    const history = [company, jane, builders, inGroup('jane', 'builders'), inGroup('ann', 'builders')];
    const told = entry({ type: 'GroupDeleted', data: { group_id: 'builders' } }, history);
    expect(told.subjects.map(({ id, name }) => [id, name])).toEqual([
      ['builders', 'Builders'],
      ['jane', 'Jane Doe'],
      ['ann', 'ann Doe'],
    ]);
  });

  it('names the operator and the system, which have no id', () => {
    const by = (kind: 'operator' | 'system') =>
      entry(jane, [company], { actor: { kind, id: kind, account: null, revision: null } }).actor;
    expect(by('operator')).toEqual({ kind: 'operator', id: null, name: 'Operator' });
    expect(by('system')).toEqual({ kind: 'system', id: null, name: 'System' });
  });

  it('names an actor of the company as that was called when the right was checked', () => {
    const actor = { kind: 'user', id: 'boss', account: 'parent', revision: 41 } as const;
    const record = recorded(jane);
    const told = { ...record, metadata: { ...record.metadata, actor } };
    const names: ForeignNames = { nameOf: (...asked) => JSON.stringify(asked) };
    expect(entryOf(stateOf(client()), told, names).actor.name).toBe(
      '["parent","user","boss",{"revision":41}]',
    );
  });

  it('has the credential null where the event does not say', () => {
    expect(entry(jane, [company], { credential: null }).credential).toBeNull();
    const credential = { kind: 'password' } as const;
    expect(entry(jane, [company], { credential }).credential).toEqual({
      kind: 'password',
      id: null,
      name: null,
    });
    expect(entry(jane, [company], { reason: 'Ticket 812', caused_by: 7 })).toMatchObject({
      reason: 'Ticket 812',
      caused_by: 7,
    });
  });

  it('is made of every kind of event there is, and tells no secret', () => {
    const states = new Map<string, ReturnType<typeof emptyAccountState>>();
    const seen = new Set<string>();
    for (const stored of records) {
      const record = decode(stored);
      const state = states.get(record.account) ?? emptyAccountState();
      states.set(record.account, state);
      const told = entryOf(state, record, nowhere);
      expect(told.summary).not.toMatch(/[{}]|undefined|null/);
      expect(told.subjects.length).toBeGreaterThan(0);
      for (const field of eventCatalogue[record.event.type].secret) {
        const data: Readonly<Record<string, unknown>> = record.event.data;
        expect(JSON.stringify(told)).not.toContain(JSON.stringify(data[field]));
      }
      seen.add(record.event.type);
      evolve(state, record);
    }
    expect([...seen].sort()).toEqual(Object.keys(eventCatalogue).sort());
  });
});
