import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { ResetPassword } from '../../src/domain/password-tokens.js';
import {
  ACME,
  as,
  company,
  given,
  locked,
  managerMax,
  stateOf,
  tokenIssued,
  unlocked,
  user,
} from '../support/domain.js';
import { unlimited } from '../../src/domain/authority.js';

const noon = '2026-01-31T12:00:00.000Z';
const one = '2026-01-31T13:00:00.000Z';
const two = '2026-01-31T14:00:00.000Z';
const passwordSet: DomainEvent = {
  type: 'UserPasswordSet',
  data: { user_id: 'bob', password_hash: 'new' },
};
const world = [...company, ...managerMax, user('bob'), tokenIssued('bob', 'h1', one)];
const reset = (token_hash = 'h1', now = noon, meta = as('bob')) =>
  new ResetPassword(ACME, { user_id: 'bob', token_hash, password_hash: 'new', now }, meta);

describe('ResetPassword', () => {
  it('sets the password of the user whose token it is, whatever that user may do', () =>
    given(world).when(reset()).then(passwordSet));
  it('ends the lock of the user', () =>
    given(world, locked('bob', two)).when(reset()).then(passwordSet, unlocked('bob')));
  it('says nothing of a lock that has ended', () =>
    given(world, locked('bob', noon)).when(reset()).then(passwordSet));
  it('refuses a token that has expired', () => {
    given(world).when(reset('h1', one)).rejects('invalid_token');
    given(world).when(reset('h1', '2026-01-31T12:59:59.999Z')).then(passwordSet);
  });
  it('refuses a token that was never issued, or to somebody else', () => {
    given(world).when(reset('h2')).rejects('invalid_token');
    given(world, tokenIssued('max', 'h2', one))
      .when(reset('h2'))
      .rejects('invalid_token');
  });
  it('refuses a token that was used', () => given(world, passwordSet).when(reset()).rejects('invalid_token'));
  it('refuses every token of a user who has another password or address by now, or is gone', () => {
    const gone: DomainEvent = { type: 'UserDeleted', data: { user_id: 'bob' } };
    const moved: DomainEvent = {
      type: 'UserEmailChanged',
      data: { user_id: 'bob', email: 'b@acme.example' },
    };
    for (const event of [passwordSet, moved, gone]) {
      given(world, tokenIssued('bob', 'h2', one), event)
        .when(reset('h2'))
        .rejects('invalid_token');
      expect(stateOf(world, event).passwordTokens.size).toBe(0);
    }
    given(world, gone, user('bob')).when(reset()).rejects('invalid_token');
  });
  it('takes any of the ten newest tokens', () => {
    const later = Array.from({ length: 9 }, (_, n) => tokenIssued('bob', `later${n}`, one));
    given(world, later).when(reset()).then(passwordSet);
    given(world, later).when(reset('later8')).then(passwordSet);
    given(world, later, tokenIssued('bob', 'h2', one))
      .when(reset())
      .rejects('invalid_token');
  });
  it('is denied to everybody else, an admin too', () =>
    given(world)
      .when(reset('h1', noon, as('ann')))
      .rejects('access_denied'));
  it('is denied to a user of that id in another account', () =>
    given(world)
      .when(reset('h1', noon, as('bob', 'globex')), unlimited)
      .rejects('access_denied'));
});
