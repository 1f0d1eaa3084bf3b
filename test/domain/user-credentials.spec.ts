import { describe, expect, it } from '@jest/globals';
import { IssueApiKey, RevokeApiKey } from '../../src/domain/api-key.js';
import { ReplaceUserPermissions } from '../../src/domain/user.js';
import { ACME, as, company, given, keyOf, operator, permitted, stateOf, user } from '../support/domain.js';

describe('ReplaceUserPermissions', () => {
  const replace = (...permissions: string[]) =>
    new ReplaceUserPermissions(ACME, { user_id: 'bob', permissions }, as('ann'));

  it('replaces the individual permissions as a whole', () =>
    given(company, user('bob'), permitted('bob', 'tab.edit', 'klip.edit'))
      .when(replace('klip.edit', 'user.view'))
      .then(permitted('bob', 'klip.edit', 'user.view')));
  it('takes them all away', () =>
    given(company, user('bob'), permitted('bob', 'tab.edit')).when(replace()).then(permitted('bob')));
  it('X44 X45: takes any names and tells letter case apart', () =>
    given(company, user('bob'))
      .when(replace('accounts.read', 'Accounts.Read'))
      .then(permitted('bob', 'accounts.read', 'Accounts.Read')));
  it('records another order', () =>
    given(company, user('bob'), permitted('bob', 'a', 'b'))
      .when(replace('b', 'a'))
      .then(permitted('bob', 'b', 'a')));
  it('changes nothing when they are the same', () =>
    given(company, user('bob'), permitted('bob', 'a', 'b'))
      .when(replace('a', 'b'))
      .nothing());
  it('changes nothing when there were none and are none', () =>
    given(company, user('bob')).when(replace()).nothing());
  it('refuses an unknown user', () => given(company).when(replace('a')).rejects('user_not_found'));
});

describe('IssueApiKey', () => {
  const key = { user_id: 'bob', key_id: 'k2', name: 'CI', key_hash: 'sha256:11' };
  const issue = new IssueApiKey(ACME, key, as('ann'));

  it('records the key by its hash, with who made it', () =>
    given(company, user('bob'), keyOf('bob', 'k1'))
      .when(issue)
      .then({
        type: 'ApiKeyIssued',
        data: { ...key, issued_by: 'ann', limited_by: [{ user_id: 'ann', account: ACME }] },
      }));
  it('of the own user is limited by nobody', () =>
    given(company)
      .when(new IssueApiKey(ACME, { ...key, user_id: 'ann' }, as('ann')))
      .then({ type: 'ApiKeyIssued', data: { ...key, user_id: 'ann', issued_by: 'ann', limited_by: [] } }));
  it('of the operator and the service is limited by nobody', () =>
    given(company, user('bob'))
      .when(new IssueApiKey(ACME, key, operator))
      .then({ type: 'ApiKeyIssued', data: { ...key, issued_by: null, limited_by: [] } }));
  it('refuses an unknown user', () => given(company).when(issue).rejects('user_not_found'));
  it('adds to the keys of the user', () => {
    const state = stateOf(company, user('bob'), keyOf('bob', 'k1'), keyOf('bob', 'k2'));
    expect(state.apiKeys.get('bob')?.map(({ id }) => id)).toEqual(['k1', 'k2']);
  });
});

describe('RevokeApiKey', () => {
  const revoke = new RevokeApiKey(ACME, { user_id: 'bob', key_id: 'k1' }, as('ann'));
  const revoked = { type: 'ApiKeyRevoked', data: { user_id: 'bob', key_id: 'k1' } } as const;

  it('ends the key and no other', () => {
    given(company, user('bob'), keyOf('bob', 'k1'), keyOf('bob', 'k2')).when(revoke).then(revoked);
    const state = stateOf(company, user('bob'), keyOf('bob', 'k1'), keyOf('bob', 'k2'), revoked);
    expect(state.apiKeys.get('bob')?.map(({ id }) => id)).toEqual(['k2']);
  });
  it('refuses a key the user does not have', () =>
    given(company, user('bob'), keyOf('ann', 'k1')).when(revoke).rejects('key_not_found'));
  it('refuses a key that was revoked', () =>
    given(company, user('bob'), keyOf('bob', 'k1'), revoked).when(revoke).rejects('key_not_found'));
  it('refuses an unknown user', () => given(company).when(revoke).rejects('user_not_found'));
});
