import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { RestoredState, snapshotOf } from '../../src/domain/account-snapshot.js';
import { authorityOf, authorityOfIssuer, limitedIn } from '../../src/domain/authority.js';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { CreateGroup, UpdateGroup } from '../../src/domain/group.js';
import { IssueApiKey } from '../../src/domain/api-key.js';
import { UpdateUser } from '../../src/domain/user.js';
import {
  ACME,
  as,
  client,
  company,
  given,
  group,
  inGroup,
  inRole,
  keyOf,
  managerMax,
  permitted,
  shared,
  stateOf,
  user,
} from '../support/domain.js';

const world = [...company, ...managerMax, user('bob'), keyOf('bob', 'k', 'max')];
const promoted = inRole('bob', adminRole.id);
const facts = { name: 'N', description: '', external_id: null };
const create = (meta = as('bob', ACME, 'k'), ...permissions: string[]) =>
  new CreateGroup(ACME, { group_id: 'g', ...facts, permissions }, meta);
const made = (...permissions: string[]) => group('g', { name: 'N', permissions });
const holdingsBy = (key: string | undefined, ...history: DomainEvent[]) =>
  authorityOf(stateOf(world, history), 'bob', undefined, key).holdings;
const demoted = { type: 'UserRemovedFromRole', data: { user_id: 'max', role_id: 'managers' } } as const;
const gone = { type: 'UserDeleted', data: { user_id: 'max' } } as const;

describe('X97: a key that somebody else has made', () => {
  it('holds what owner and maker both hold when it is used, not when it was made', () => {
    expect(holdingsBy('k')).toEqual(new Set());
    expect(holdingsBy('k', permitted('bob', 'user.manage', 'klip.edit'))).toEqual(new Set(['user.manage']));
    expect(holdingsBy('k', promoted)).toEqual(new Set(['user.manage']));
    expect(holdingsBy('k', promoted, permitted('max', 'tab.edit'))).toEqual(
      new Set(['user.manage', 'tab.edit']),
    );
    expect(holdingsBy('k', promoted, demoted)).toEqual(new Set());
    expect(holdingsBy('k', promoted, inRole('max', adminRole.id))).toBe('everything');
  });
  it('goes on with what its maker held last, when that one is deleted', () => {
    expect(holdingsBy('k', promoted, gone)).toEqual(new Set(['user.manage']));
    expect(holdingsBy('k', permitted('bob', 'user.manage', 'klip.edit'), gone)).toEqual(
      new Set(['user.manage']),
    );
    expect(holdingsBy('k', promoted, inRole('max', adminRole.id), gone)).toBe('everything');
    expect(holdingsBy('k', promoted, demoted, gone)).toEqual(new Set());
    expect(holdingsBy('k', gone, promoted)).toEqual(new Set(['user.manage']));
  });
  it('survives a snapshot with what its maker held last', () => {
    const restoration = new RestoredState();
    for (const entry of snapshotOf(stateOf(world, promoted, gone))) restoration.add(entry);
    const { holdings } = authorityOf(restoration.state, 'bob', undefined, 'k');
    expect(holdings).toEqual(new Set(['user.manage']));
  });
  it('does not limit its owner otherwise', () => {
    expect(holdingsBy(undefined, promoted)).toBe('everything');
    expect(holdingsBy('own', promoted, keyOf('bob', 'own'))).toBe('everything');
  });
  it('decides by that: nothing is granted that the maker does not hold', () => {
    const withBob = given(world, promoted);
    withBob.when(create()).then(made());
    withBob.when(create(undefined, 'user.manage')).then(made('user.manage'));
    withBob.when(create(undefined, 'klip.edit')).rejects('permission_escalation');
    withBob.when(create(as('bob'), 'klip.edit')).then(made('klip.edit'));
    given(world, promoted, demoted).when(create()).rejects('access_denied');
    given(world, promoted, gone).when(create(undefined, 'klip.edit')).rejects('permission_escalation');
    given(world, promoted, gone)
      .when(create(as('max')))
      .rejects('access_denied');
  });
  it('is no way to take over its owner', () => {
    const withBob = given(world, promoted);
    const email = { user_id: 'bob', email: 'max@acme.example' };
    const issue = { user_id: 'bob', key_id: 'k2', name: 'n', key_hash: 'h' };
    const by = as('bob', ACME, 'k');
    withBob.when(new UpdateUser(ACME, email, by)).rejects('permission_escalation');
    withBob.when(new IssueApiKey(ACME, issue, by)).rejects('permission_escalation');
  });
  it('makes no key that is limited by less', () => {
    const issue = (user_id: string) =>
      new IssueApiKey(
        ACME,
        { user_id, key_id: 'k2', name: 'laptop', key_hash: 'sha256:00' },
        as('bob', ACME, 'k'),
      );
    const able = given(world, permitted('bob', 'user.manage'), user('cem'));
    const max = { user_id: 'max', account: ACME };
    const key = { key_id: 'k2', name: 'laptop', key_hash: 'sha256:00', issued_by: 'bob' };
    able
      .when(issue('bob'))
      .then({ type: 'ApiKeyIssued', data: { user_id: 'bob', ...key, limited_by: [max] } });
    able.when(issue('cem')).then({
      type: 'ApiKeyIssued',
      data: { user_id: 'cem', ...key, limited_by: [{ user_id: 'bob', account: ACME }, max] },
    });
    able.when(issue('max')).then({
      type: 'ApiKeyIssued',
      data: { user_id: 'max', ...key, limited_by: [{ user_id: 'bob', account: ACME }] },
    });
  });
  it('holds nothing when it was revoked or never was', () => {
    const revoked = { type: 'ApiKeyRevoked', data: { user_id: 'bob', key_id: 'k' } } as const;
    given(world, promoted, revoked).when(create()).rejects('access_denied');
    given(world, promoted)
      .when(create(as('bob', ACME, 'nothing')))
      .rejects('access_denied');
    given(world, promoted)
      .when(create(as('ann', ACME, 'k')))
      .rejects('access_denied');
  });
  it('reaches the clients that owner and maker both reach', () => {
    const sales = [group('sales'), shared('globex', 'sales', true)];
    const reach = (...history: DomainEvent[]) =>
      authorityOf(stateOf(world, sales, promoted, history), 'bob', 'globex', 'k').managesClient;
    expect(reach()).toBe(false);
    expect(reach(inGroup('bob', 'sales'))).toBe(false);
    expect(reach(inGroup('max', 'sales'))).toBe(true);
  });
});

describe('X97: a key that somebody of the company has made for a user of a client', () => {
  const globex = [client(), user('cem'), keyOf('cem', 'k', 'max'), inRole('cem', adminRole.id), group('g')];
  const rename = new UpdateGroup(
    'globex',
    { group_id: 'g', permissions: ['klip.edit'] },
    as('cem', 'globex', 'k'),
  );
  const own = authorityOf(stateOf(globex), 'cem', undefined, 'k');
  const sales = [group('sales'), inGroup('max', 'sales')];
  const ofMax = (...history: DomainEvent[]) =>
    authorityOfIssuer(stateOf(world, sales, history), 'max', 'globex');

  it('holds what the maker holds in the client', () => {
    const managing = ofMax(shared('globex', 'sales', true));
    expect(limitedIn(own, managing).holdings).toEqual(new Set(['user.manage']));
    given(globex).when(rename, limitedIn(own, managing)).rejects('permission_escalation');
    const both = ofMax(shared('globex', 'sales', true), permitted('max', 'klip.edit'));
    given(globex)
      .when(rename, limitedIn(own, both))
      .then({ type: 'GroupPermissionsReplaced', data: { group_id: 'g', permissions: ['klip.edit'] } });
  });
  it('holds nothing when the maker does not reach the client for changes, or is gone', () => {
    for (const lost of [
      ofMax(),
      ofMax(shared('globex', 'sales')),
      ofMax(shared('globex', 'sales', true), gone),
    ])
      expect(limitedIn(own, lost).holdings).toEqual(new Set());
  });
  it('holds all of its owner’s when the maker is an Admin of the company, or was when deleted', () => {
    const state = (...history: DomainEvent[]) => stateOf(world, inRole('max', adminRole.id), history);
    expect(limitedIn(own, authorityOfIssuer(state(), 'max', 'globex')).holdings).toBe('everything');
    expect(limitedIn(own, authorityOfIssuer(state(gone), 'max', 'globex')).holdings).toBe('everything');
  });
});
