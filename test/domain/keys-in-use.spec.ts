import { describe, expect, it } from '@jest/globals';
import { emptyAccountState } from '../../src/domain/account-state.js';
import { OpenClient, UpdateClient } from '../../src/domain/client.js';
import { unlimited } from '../../src/domain/authority.js';
import type { Command } from '../../src/domain/aggregates.js';
import { CreateUser, UpdateUser } from '../../src/domain/user.js';
import { ACME, attempt, client, company, given, stateOf, system, user } from '../support/domain.js';

describe('X83: users of an older log who have one address in two forms', () => {
  const twins = [
    company,
    user('eve', { email: 'x@bücher.example' }),
    user('zoe', { email: 'x@xn--bcher-kva.example' }),
  ];
  const bob = { first_name: 'Bob', last_name: 'Ray', email: 'X@BÜCHER.example' };
  const gone = (user_id: string) => ({ type: 'UserDeleted', data: { user_id } }) as const;

  it('keep it, each of them', () => {
    given(...twins)
      .when(new UpdateUser(ACME, { user_id: 'zoe', email: 'x@xn--bcher-kva.example' }, system))
      .nothing();
    given(...twins)
      .when(new UpdateUser(ACME, { user_id: 'zoe', email: 'x@bücher.example' }, system))
      .rejects('email_in_use');
  });
  it('nobody else has it until both are gone', () => {
    const facts = { ...bob, user_id: 'bob', external_id: null, password_hash: null, roles: [] };
    const again = new CreateUser(ACME, facts, system);
    for (const history of [twins, [...twins, gone('eve')], [...twins, gone('zoe')]])
      given(...history)
        .when(again)
        .rejects('email_in_use');
    given(...twins, gone('eve'), gone('zoe'))
      .when(again)
      .then(user('bob', bob));
  });
});

describe('X85: the external id of a client', () => {
  const elsewhere = {
    clientsWithExternalId: (parent: string, id: string) =>
      parent === ACME && id === 'crm-1' ? ['other'] : [],
    clientsOf: () => 0,
  };
  const reached = (command: Command, account?: ReturnType<typeof client>) =>
    attempt(command, account ? stateOf(account) : emptyAccountState(), unlimited, elsewhere);
  const facts = { parent_id: ACME, name: 'Globex', description: '', status: 'active', seats: -1 } as const;
  const open = (more: { external_id: string; parent_id?: string }) =>
    new OpenClient('globex', { ...facts, custom_theme: null, all_users_group_id: 'all', ...more }, system);
  const change = (external_id: string) => new UpdateClient('globex', { external_id }, system);

  it('is not taken by another client of the company', () => {
    expect(reached(open({ external_id: 'crm-1' }))).toMatchObject({ code: 'external_id_in_use' });
    expect(reached(change('crm-1'), client())).toMatchObject({ code: 'external_id_in_use' });
  });
  it('may be one that a client of another company has', () => {
    expect(reached(open({ parent_id: 'other', external_id: 'crm-1' }))).toHaveLength(1);
    expect(reached(change('crm-2'), client())).toHaveLength(1);
  });
  it('stays when an older log lets two have it', () =>
    expect(reached(change('crm-1'), client(-1, { external_id: 'crm-1' }))).toEqual([]));
  it('comes after the rules of the client itself', () =>
    expect(
      reached(new UpdateClient('globex', { external_id: 'crm-1', status: 'trial' }, system), client()),
    ).toMatchObject({
      code: 'client_status_transition',
    }));
});
