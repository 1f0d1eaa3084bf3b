import { describe, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { AddUserToGroup } from '../../src/domain/membership.js';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { ShareClient } from '../../src/domain/client-shares.js';
import { UnlockUser } from '../../src/domain/sign-in.js';
import { IssueApiKey } from '../../src/domain/api-key.js';
import { UpdateUser } from '../../src/domain/user.js';
import {
  ACME,
  ALL_USERS,
  as,
  company,
  given,
  group,
  inGroup,
  inRole,
  keyOf,
  managerMax,
  permitted,
  shared,
  user,
} from '../support/domain.js';

const world = [...company, ...managerMax, user('bob'), group('sales'), group('own'), inGroup('max', 'own')];
const managing = shared('globex', 'sales', true);
const looking = shared('globex', 'sales', false);
const add = (user_id = 'bob', meta = as('max'), group_id = 'sales') =>
  new AddUserToGroup(ACME, { user_id, group_id }, meta);

describe('X92: putting somebody into a group that opens clients', () => {
  it.each([
    ['the group lets manage and the caller reaches nothing', [managing]],
    ['the group lets look and the caller reaches nothing', [looking]],
    ['the caller reaches another client', [managing, shared('initech', 'own', true)]],
    ['the caller may look only and the group lets manage', [managing, shared('globex', 'own', false)]],
    ['the caller reaches one of two', [managing, shared('initech', 'sales'), shared('globex', 'own', true)]],
  ])('is escalation when %s, of oneself as of others', (_, shares: DomainEvent[]) => {
    given(world, shares).when(add()).rejects('permission_escalation');
    given(world, shares).when(add('max')).rejects('permission_escalation');
  });
  it.each([
    ['reaches as far', [managing, shared('globex', 'own', true)]],
    ['reaches further', [looking, shared('globex', 'own', true)]],
    ['reaches it as all users do', [managing, shared('globex', ALL_USERS, true)]],
  ])('is allowed to who %s', (_, shares: DomainEvent[]) => {
    given(world, shares).when(add()).then(inGroup('bob', 'sales'));
    given(world, shares).when(add('max')).then(inGroup('max', 'sales'));
  });
  it('is allowed to Admins', () =>
    given(world, managing)
      .when(add('bob', as('ann')))
      .then(inGroup('bob', 'sales')));
  it('X78: is allowed when it opens nothing new to the user', () => {
    const already = [managing, group('stock'), shared('globex', 'stock', true), inGroup('bob', 'stock')];
    given(world, already).when(add()).then(inGroup('bob', 'sales'));
    given(world, managing, inRole('bob', adminRole.id)).when(add()).then(inGroup('bob', 'sales'));
    given(world, managing, inGroup('bob', 'sales')).when(add()).nothing();
    given(world, looking, group('stock'), inGroup('bob', 'stock'), shared('globex', 'stock'), managing)
      .when(add())
      .rejects('permission_escalation');
  });
  it('is escalation when the user would hold more in the client than the caller', () => {
    const shares = [managing, shared('globex', 'own', true)];
    given(world, shares, permitted('bob', 'user.manage', 'klip.edit'))
      .when(add())
      .rejects('permission_escalation');
    given(world, shares, permitted('bob', 'user.manage')).when(add()).then(inGroup('bob', 'sales'));
  });
  it('does not ask for rights of the user that hold good in no client', () =>
    given(world, managing, shared('globex', 'own', true), permitted('bob', 'klip.edit'))
      .when(add())
      .then(inGroup('bob', 'sales')));
  it('X97: by a key asks for the reach of who limits it, too', () => {
    const eve = [user('eve'), permitted('eve', 'user.manage'), group('high'), inGroup('eve', 'high')];
    const world2 = [...world, ...eve, managing, shared('globex', 'high', true), keyOf('eve', 'k', 'max')];
    given(world2)
      .when(add('bob', as('eve')))
      .then(inGroup('bob', 'sales'));
    given(world2)
      .when(add('bob', as('eve', ACME, 'k')))
      .rejects('permission_escalation');
  });
});

describe('X92: opening a client to oneself', () => {
  const sharer = [user('sam'), permitted('sam', 'client.share'), inGroup('sam', 'own')];
  const share = (group_id: string, can_manage?: boolean) =>
    new ShareClient(ACME, { client_id: 'globex', shares: [{ group_id, can_manage }] }, as('sam'));

  it.each(['own', ALL_USERS])('is escalation by sharing it with a group one is in: %s', (own) => {
    given(world, sharer).when(share(own)).rejects('permission_escalation');
    given(world, sharer, shared('globex', own)).when(share(own, true)).rejects('permission_escalation');
  });
  it('is escalation also by a key of somebody else who is not in the group', () => {
    const tom = [user('tom'), permitted('tom', 'client.share'), keyOf('tom', 'k', 'sam')];
    const byTom = (keyId?: string) =>
      new ShareClient(ACME, { client_id: 'globex', shares: [{ group_id: 'own' }] }, as('tom', ACME, keyId));
    given(world, sharer, tom).when(byTom('k')).rejects('permission_escalation');
    given(world, sharer, tom).when(byTom()).then(shared('globex', 'own'));
  });
  it('is none for who reaches it as far, for Admins, or with what is repeated or taken', () => {
    given(world, sharer, group('in'), inGroup('sam', 'in'), shared('globex', 'in', true))
      .when(share('own', true))
      .then(shared('globex', 'own', true));
    given(world, sharer, inRole('sam', adminRole.id))
      .when(share('own', true))
      .then(shared('globex', 'own', true));
    given(world, sharer, shared('globex', 'own', true))
      .when(share('own', true))
      .nothing();
    given(world, sharer, shared('globex', 'own', true))
      .when(share('own', false))
      .then(shared('globex', 'own'));
  });
  it('is not what sharing with others is', () =>
    given(world, sharer).when(share('sales', true)).then(managing));
});

describe('X57 X92: a user who reaches further is a stronger one', () => {
  const further = given(world, managing, inGroup('bob', 'sales'));
  const asFar = given(world, managing, inGroup('bob', 'sales'), shared('globex', 'own', true));
  const commands = {
    'a key': new IssueApiKey(ACME, { user_id: 'bob', key_id: 'k', name: 'n', key_hash: 'h' }, as('max')),
    'another address': new UpdateUser(ACME, { user_id: 'bob', email: 'max2@acme.example' }, as('max')),
    'the end of a lock': new UnlockUser(ACME, { user_id: 'bob', now: '2026-01-01T00:00:00.000Z' }, as('max')),
  };
  it.each(Object.entries(commands))('and gets no %s from who reaches less', (_, command) =>
    further.when(command).rejects('permission_escalation'),
  );
  it('and gets them from who reaches as far', () => {
    asFar.when(commands['the end of a lock']).nothing();
    asFar
      .when(commands['another address'])
      .then({ type: 'UserEmailChanged', data: { user_id: 'bob', email: 'max2@acme.example' } });
  });
});
