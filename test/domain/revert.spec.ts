import { describe, it } from '@jest/globals';
import { UpdateGroup } from '../../src/domain/group.js';
import { AddUserToGroup, RemoveUserFromGroup } from '../../src/domain/membership.js';
import { RevertCommand, type RevertStep } from '../../src/domain/revert.js';
import { DeleteUserProperty, SetUserProperties } from '../../src/domain/user-properties.js';
import {
  ACME,
  as,
  company,
  given,
  group,
  inGroup,
  managerMax,
  permitted,
  property,
  user,
  valued,
} from '../support/domain.js';

const undo = (meta: ReturnType<typeof as>, ...steps: RevertStep[]) =>
  new RevertCommand(ACME, { steps }, meta);
const rename = (name: string, meta = as('ann')) => new UpdateGroup(ACME, { group_id: 'g', name }, meta);
const remove = (meta = as('ann')) => new RemoveUserFromGroup(ACME, { user_id: 'bob', group_id: 'g' }, meta);
const add = (meta: ReturnType<typeof as>) =>
  new AddUserToGroup(ACME, { user_id: 'bob', group_id: 'g', can_edit: false }, meta);
const there = [
  ...company,
  ...managerMax,
  user('bob'),
  group('g', { name: 'New', permissions: ['klip.edit'] }),
];

describe('RevertCommand', () => {
  it('comes to the events of all its steps', () =>
    given(there, inGroup('bob', 'g'))
      .when(
        undo(
          as('ann'),
          { command: rename('Old'), replaces: ['New'] },
          { command: remove(), replaces: false },
        ),
      )
      .then(
        { type: 'GroupRenamed', data: { group_id: 'g', name: 'Old' } },
        { type: 'UserRemovedFromGroup', data: { user_id: 'bob', group_id: 'g' } },
      ));
  it('is refused as a whole when one step finds something else than it expects', () =>
    given(there)
      .when(
        undo(
          as('ann'),
          { command: rename('Old'), replaces: ['New'] },
          { command: remove(), replaces: false },
        ),
      )
      .rejects('changed_since'));
  it('needs the right to read the log, whatever its steps are', () =>
    given(there)
      .when(undo(as('max'), { command: rename('Old', as('max')), replaces: ['New'] }))
      .rejects('access_denied'));
  it('needs the right of each step, whoever reads the log', () =>
    given(there, permitted('bob', 'audit.read'))
      .when(undo(as('bob'), { command: rename('Old', as('bob')), replaces: ['New'] }))
      .rejects('access_denied'));
  it('X56: refuses what the actor could not give by the inverse', () =>
    given(there, permitted('max', 'account.usage'))
      .when(undo(as('max'), { command: add(as('max')), replaces: null }))
      .rejects('permission_escalation'));
  it('takes a new property back with its name, unless somebody else has a value by now', () => {
    const had = [...there, property('team'), valued('bob', { team: 'a' })];
    const steps = [
      {
        command: new SetUserProperties(ACME, { user_id: 'bob', properties: { team: '' } }, as('ann')),
        replaces: ['a'],
      },
      { command: new DeleteUserProperty(ACME, { name: 'team' }, as('ann')), replaces: ['bob'] },
    ];
    given(had)
      .when(undo(as('ann'), ...steps))
      .then(valued('bob', { team: '' }), { type: 'UserPropertyDeleted', data: { name: 'team' } });
    given(had, valued('max', { team: 'b' }))
      .when(undo(as('ann'), ...steps))
      .rejects('changed_since');
  });
});
