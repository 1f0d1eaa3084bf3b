import { describe, expect, it } from '@jest/globals';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { holdingsOf } from '../../src/domain/holdings.js';
import { DeleteUser } from '../../src/domain/user-deletion.js';
import {
  ACME,
  as,
  client,
  company,
  contact,
  given,
  group,
  inGroup,
  inRole,
  managerMax,
  permitted,
  role,
  stateOf,
  system,
  user,
} from '../support/domain.js';

const remove = (user_id: string, meta = as('ann')) => new DeleteUser(ACME, { user_id }, meta);
const deleted = (user_id: string) => ({ type: 'UserDeleted', data: { user_id } }) as const;

describe('DeleteUser', () => {
  it('T240: deletes the user with one event', () =>
    given(company, user('bob'), group('g'), inGroup('bob', 'g'), role('r'), inRole('bob', 'r'))
      .when(remove('bob'))
      .then(deleted('bob')));
  it('T247: refuses an unknown user', () => given(company).when(remove('bob')).rejects('user_not_found'));
  it('T247: refuses to delete twice', () =>
    given(company, user('bob'), deleted('bob')).when(remove('bob')).rejects('user_not_found'));
  it('T243: refuses to delete oneself', () =>
    given(company, managerMax)
      .when(remove('max', as('max')))
      .rejects('cannot_delete_self'));
  it.each([
    ['T244', 'super_admin', 'cannot_delete_super_admin'],
    ['T245', 'technical_contact', 'cannot_delete_technical_contact'],
    ['T246', 'business_contact', 'cannot_delete_business_contact'],
  ] as const)('%s T253: refuses to delete the %s', (_, kind, code) =>
    given(company, user('bob'), contact(kind, 'bob')).when(remove('bob')).rejects(code),
  );
  it('T249: deletes a former contact', () =>
    given(company, user('bob'), contact('super_admin', 'bob'), contact('super_admin', 'ann'))
      .when(remove('bob'))
      .then(deleted('bob')));
  it('T251 X29: refuses to delete the last admin', () =>
    given(company, managerMax)
      .when(remove('ann', as('max')))
      .rejects('admin_role_requires_user'));
  it('T251: refuses the last admin to the service itself, too', () =>
    given(company).when(remove('ann', system)).rejects('admin_role_requires_user'));
  it('T251: deletes one of two admins', () =>
    given(company, user('bob'), inRole('bob', adminRole.id)).when(remove('bob')).then(deleted('bob')));
  it('T251: refuses the one of two admins who is left', () =>
    given(company, managerMax, user('bob'), inRole('bob', adminRole.id), deleted('bob'))
      .when(remove('ann', as('max')))
      .rejects('admin_role_requires_user'));
  it('T166: counts admins inside one account: a client without an admin asks for none', () =>
    given(client(), user('cem')).when(remove('cem', system)).then(deleted('cem')));
});

describe('X75: of several reasons against a deletion', () => {
  const contacts = [
    contact('business_contact', 'ann'),
    contact('technical_contact', 'ann'),
    contact('super_admin', 'ann'),
  ];
  const without = (kind: number) => contacts.filter((_, index) => index < kind);

  it('oneself comes first', () => given(company, contacts).when(remove('ann')).rejects('cannot_delete_self'));
  it('then the super admin', () =>
    given(company, contacts).when(remove('ann', system)).rejects('cannot_delete_super_admin'));
  it('then the technical contact', () =>
    given(company, without(2)).when(remove('ann', system)).rejects('cannot_delete_technical_contact'));
  it('then the business contact', () =>
    given(company, without(1)).when(remove('ann', system)).rejects('cannot_delete_business_contact'));
  it('then the last admin', () =>
    given(company).when(remove('ann', system)).rejects('admin_role_requires_user'));
});

describe('after a deletion', () => {
  const state = stateOf(
    company,
    [user('bob'), group('g', { permissions: ['klip.edit'] }), role('r', 'tab.edit')],
    [inGroup('bob', 'g'), inGroup('ann', 'g'), inRole('bob', 'r'), permitted('bob', 'tab.view')],
    deleted('bob'),
  );

  it('T250: memberships and roles of the user are gone from both sides, others stay', () => {
    expect([...(state.memberships.byOther.get('g')?.keys() ?? [])]).toEqual(['ann']);
    expect(state.memberships.bySubject.get('bob')?.size ?? 0).toBe(0);
    expect(state.assignments.byOther.get('r')?.size ?? 0).toBe(0);
    expect(state.assignments.bySubject.get('bob')?.size ?? 0).toBe(0);
  });
  it('the user holds nothing any more', () => expect(holdingsOf(state, 'bob')).toEqual(new Set()));
});
