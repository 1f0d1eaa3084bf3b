import { describe, expect, it } from '@jest/globals';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { type Authority, authorityOf } from '../../src/domain/authority.js';
import type { Command } from '../../src/domain/aggregates.js';
import { Rejection } from '../../src/domain/rejection.js';
import { RecordSignIn } from '../../src/domain/sign-in.js';
import { ACME, as, attempt, client, inRole, operator, stateOf, system, user } from '../support/domain.js';
import { overClients, rows, samples } from './command-samples.js';
import { acme, bob, globex, holding, isDenied } from './denial.js';

describe('X77: of a client account of the own company', () => {
  it.each(overClients)('T408: $type is for the company: its own admin is denied', ({ sample }) => {
    const own = stateOf(client(), user('cem'), inRole('cem', adminRole.id));
    expect(isDenied(sample(as('cem', 'globex'), 'globex'), own, authorityOf(own, 'cem'))).toBe(true);
    expect(isDenied(sample(as('ann'), ACME), acme())).toBe(true);
  });
  it.each(overClients)('$type asks for $permission in the company, and for nothing else', (row) => {
    expect(isDenied(row.sample(bob, 'globex'), globex, holding(String(row.permission)))).toBe(false);
    const others = ['client.access', 'client.build', 'client.share', 'user.manage', 'account.settings'];
    expect(isDenied(row.sample(bob, 'globex'), globex, holding(...others))).toBe(true);
    const other = row.permission === 'client.edit' ? 'client.delete' : 'client.edit';
    expect(isDenied(row.sample(bob, 'globex'), globex, holding(other))).toBe(true);
  });
});

describe('T408: in a client account that is disabled or closed', () => {
  const own = [user('cem'), inRole('cem', adminRole.id)];
  const disabled = stateOf(client(), own, { type: 'ClientStatusChanged', data: { status: 'disabled' } });
  const closed = stateOf(client(), own, { type: 'ClientClosed', data: {} });
  const codeOf = (command: Command, state = closed, authority?: Authority) => {
    const decision = attempt(command, state, authority);
    return decision instanceof Rejection ? decision.code : 'done';
  };

  it.each(rows)('$type of its own users is denied, whatever they hold', ({ sample }) => {
    expect(isDenied(sample(as('cem', 'globex'), 'globex'), disabled)).toBe(true);
    expect(isDenied(sample(as('cem', 'globex'), 'globex'), closed)).toBe(true);
  });
  it('a sign-in of its own users is denied', () => {
    const signIn = new RecordSignIn('globex', { user_id: 'cem', sign_ins: 0 }, as('cem', 'globex'));
    expect(codeOf(signIn, stateOf(client(), own))).toBe('done');
    expect(isDenied(signIn, disabled)).toBe(true);
    expect(isDenied(signIn, closed)).toBe(true);
  });
  it('the users of its company go on as long as it is disabled', () => {
    const ann = authorityOf(acme(), 'ann');
    expect(codeOf(samples.CreateUser[1](as('ann'), 'globex'), disabled, ann)).toBe('done');
    expect(codeOf(samples.UpdateClient[1](as('ann'), 'globex'), disabled, ann)).toBe('done');
  });
  it.each(rows.filter(({ type }) => !type.startsWith('Open')))(
    'closed it is not found by $type, whoever asks',
    ({ sample, permission }) => {
      expect(codeOf(sample(system, 'globex'))).toBe('client_not_found');
      expect(codeOf(sample(operator, 'globex'))).toBe('client_not_found');
      const byAnn = codeOf(sample(as('ann'), 'globex'), closed, authorityOf(acme(), 'ann'));
      expect(byAnn).toBe(permission === null ? 'access_denied' : 'client_not_found');
    },
  );
  it('closed it is not opened again', () => {
    expect(codeOf(samples.OpenClient[1](system, 'globex'))).toBe('account_exists');
    expect(codeOf(samples.OpenCompany[1](system, 'globex'))).toBe('account_exists');
  });
});
