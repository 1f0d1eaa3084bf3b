import { describe, it } from '@jest/globals';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { IssueApiKey, RevokeApiKey } from '../../src/domain/api-key.js';
import { UpdateUser } from '../../src/domain/user.js';
import {
  ACME,
  as,
  company,
  given,
  group,
  inGroup,
  inRole,
  keyOf,
  managerMax,
  permitted,
  role,
  user,
} from '../support/domain.js';

const world = [...company, ...managerMax, user('bob'), role('strong', 'klip.edit')];
const strongerBy = {
  'the admin role': [inRole('bob', adminRole.id)],
  'another role': [inRole('bob', 'strong')],
  'an individual permission': [permitted('bob', 'klip.edit')],
  'a group': [group('g', { permissions: ['klip.edit'] }), inGroup('bob', 'g')],
};
const key = { user_id: 'bob', key_id: 'k', name: 'laptop', key_hash: 'sha256:00' };
const issue = (meta = as('max')) => new IssueApiKey(ACME, key, meta);
const change = (facts: Omit<UpdateUser['data'], 'user_id'>, meta = as('max')) =>
  new UpdateUser(ACME, { user_id: 'bob', ...facts }, meta);

describe.each(Object.entries(strongerBy))('X57: a user who is stronger by %s', (_, stronger) => {
  const withBob = given(world, stronger);

  it('gets no key from a weaker one', () => withBob.when(issue()).rejects('permission_escalation'));
  it('keeps the address', () =>
    withBob.when(change({ email: 'evil@acme.example' })).rejects('permission_escalation'));
  it('X78: keeps its letter case, too', () =>
    withBob.when(change({ email: 'Bob@acme.example' })).rejects('permission_escalation'));
  it('X75: is told of the escalation before the address in use', () =>
    withBob.when(change({ email: 'ann@acme.example' })).rejects('permission_escalation'));
  it('may be renamed and keep the address', () =>
    withBob
      .when(change({ first_name: 'Rob', email: 'bob@acme.example' }))
      .then({ type: 'UserRenamed', data: { user_id: 'bob', first_name: 'Rob', last_name: 'Doe' } }));
  it('gets a key and an address from an admin', () => {
    withBob.when(issue(as('ann'))).then(keyOf('bob', 'k', 'ann'));
    withBob
      .when(change({ email: 'rob@acme.example' }, as('ann')))
      .then({ type: 'UserEmailChanged', data: { user_id: 'bob', email: 'rob@acme.example' } });
  });
});

describe('X57: a user who is no stronger', () => {
  it('gets a key', () =>
    given(world, inRole('bob', 'managers'))
      .when(issue())
      .then(keyOf('bob', 'k', 'max')));
  it('gets another address', () =>
    given(world, permitted('bob', 'user.manage'))
      .when(change({ email: 'rob@acme.example' }))
      .then({ type: 'UserEmailChanged', data: { user_id: 'bob', email: 'rob@acme.example' } }));
  it('is oneself', () =>
    given(world)
      .when(new IssueApiKey(ACME, { ...key, user_id: 'max' }, as('max')))
      .then(keyOf('max', 'k')));
});

describe('X97: revoking a key', () => {
  const revoke = (meta = as('max')) => new RevokeApiKey(ACME, { user_id: 'bob', key_id: 'k' }, meta);
  const revoked = { type: 'ApiKeyRevoked', data: { user_id: 'bob', key_id: 'k' } } as const;

  it('of a stronger user is escalation, also of a key that one has made', () => {
    const withBob = given(world, inRole('bob', adminRole.id), keyOf('bob', 'k', 'max'));
    withBob.when(revoke()).rejects('permission_escalation');
    withBob.when(revoke(as('ann'))).then(revoked);
  });
  it('of a stronger user who does not have it says so first', () =>
    given(world, inRole('bob', adminRole.id)).when(revoke()).rejects('key_not_found'));
  it('of somebody who is no stronger is allowed', () =>
    given(world, keyOf('bob', 'k')).when(revoke()).then(revoked));
  it('of one’s own is allowed, whatever the key holds that it is sent by', () =>
    given(world, permitted('bob', 'user.manage', 'klip.edit'), keyOf('bob', 'k'), keyOf('bob', 'weak', 'max'))
      .when(revoke(as('bob', ACME, 'weak')))
      .then(revoked));
});
