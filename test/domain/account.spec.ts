import { describe, it } from '@jest/globals';
import { OpenClient } from '../../src/domain/client.js';
import { OpenCompany, UpdateAccount } from '../../src/domain/account.js';
import { adminRole, builtInRoles } from '../../src/domain/built-in-roles.js';
import {
  ACME,
  ALL_USERS,
  as,
  client,
  company,
  contact,
  given,
  operator,
  system,
  user,
} from '../support/domain.js';

describe('OpenCompany', () => {
  const person = { user_id: 'ann', first_name: 'Ann', last_name: 'Doe', email: 'ann@acme.example' };
  const key = { key_id: 'k1', key_hash: 'sha256:00' };
  const open = (password_hash: string | null, meta = system) =>
    new OpenCompany(
      ACME,
      {
        name: 'Acme',
        all_users_group_id: ALL_USERS,
        admin: { ...person, ...key, password_hash, key_name: 'first' },
      },
      meta,
    );
  const created = { type: 'UserCreated', data: { ...person, external_id: null } } as const;
  const rest = [
    ...builtInRoles.map(
      ({ id }) => ({ type: 'UserAddedToRole', data: { user_id: 'ann', role_id: id } }) as const,
    ),
    contact('super_admin', 'ann'),
    contact('technical_contact', 'ann'),
    contact('business_contact', 'ann'),
    {
      type: 'ApiKeyIssued',
      data: { user_id: 'ann', ...key, name: 'first', issued_by: null, limited_by: [] },
    } as const,
  ];
  const opened = { type: 'CompanyOpened', data: { name: 'Acme', all_users_group_id: ALL_USERS } } as const;

  it('X81: gives the first user every built-in role, all contacts, the password and a key', () =>
    given()
      .when(open('scrypt$1'))
      .then(
        opened,
        created,
        { type: 'UserPasswordSet', data: { user_id: 'ann', password_hash: 'scrypt$1' } },
        ...rest,
      ));
  it('sets no password when none is given', () =>
    given()
      .when(open(null, operator))
      .then(opened, created, ...rest));
  it('is refused where an account is open already', () =>
    given(company).when(open(null)).rejects('account_exists'));
  it('is not for users', () =>
    given(company)
      .when(open(null, as('ann')))
      .rejects('access_denied'));
});

describe('UpdateAccount', () => {
  const update = (data: UpdateAccount['data'], meta = as('ann')) => new UpdateAccount(ACME, data, meta);
  const contacts = {
    super_admin: 'bob',
    technical_contact: 'bob',
    business_contact: 'ann',
  };

  it('renames the account', () =>
    given(company)
      .when(update({ name: 'Acme Ltd' }))
      .then({ type: 'AccountRenamed', data: { name: 'Acme Ltd' } }));
  it('changes nothing when the name is the same', () =>
    given(company)
      .when(update({ name: 'Acme' }))
      .nothing());
  it('changes nothing when nothing is said', () => given(company).when(update({})).nothing());
  it('X28: assigns contacts, of which one user may hold several, after the name', () =>
    given(company, user('bob'))
      .when(update({ contacts, name: 'Acme Ltd' }))
      .then(
        { type: 'AccountRenamed', data: { name: 'Acme Ltd' } },
        contact('super_admin', 'bob'),
        contact('technical_contact', 'bob'),
        contact('business_contact', 'ann'),
      ));
  it('assigns only the contacts that change', () =>
    given(company, user('bob'), contact('super_admin', 'bob'), contact('business_contact', 'ann'))
      .when(update({ contacts }))
      .then(contact('technical_contact', 'bob')));
  it('takes null for a contact that nobody is, and for no other', () => {
    const unnamed = { technical_contact: null, business_contact: null };
    given(company, contact('super_admin', 'ann'))
      .when(update({ contacts: unnamed }))
      .nothing();
    given(company, contact('super_admin', 'ann'))
      .when(update({ name: 'Not now', contacts: { super_admin: null } }))
      .rejects('bad_request', 'contacts.super_admin cannot be taken away; name another user instead');
  });
  it('changes nothing when the contacts are those already', () =>
    given(company, contact('super_admin', 'ann'))
      .when(update({ contacts: { super_admin: 'ann' } }))
      .nothing());
  it('X73: refuses a contact who is no user of the account, and the name with it', () =>
    given(company)
      .when(update({ name: 'Acme Ltd', contacts: { technical_contact: 'eve' } }))
      .rejects('bad_request', 'contacts.technical_contact must be the id of a user of the account'));
  it('refuses a contact who was deleted', () =>
    given(company, user('bob'), { type: 'UserDeleted', data: { user_id: 'bob' } })
      .when(update({ contacts: { super_admin: 'bob' } }))
      .rejects('bad_request'));
  it('is refused where no account was opened', () =>
    given()
      .when(update({ name: 'Acme' }, system))
      .rejects('client_not_found'));
  it('works in a client account as well', () =>
    given(client(), user('cem'), { type: 'UserAddedToRole', data: { user_id: 'cem', role_id: adminRole.id } })
      .when(update({ name: 'Globex Ltd' }, as('cem')))
      .then({ type: 'AccountRenamed', data: { name: 'Globex Ltd' } }));
});

describe('OpenClient', () => {
  const facts = {
    parent_id: ACME,
    name: 'Globex',
    description: 'Our first client',
    status: 'trial',
    seats: 3,
    external_id: 'crm-1',
    custom_theme: 'dark',
    all_users_group_id: ALL_USERS,
  } as const;
  const open = new OpenClient('globex', facts, system);

  it('T408: records the client with all its facts', () =>
    given().when(open).then({ type: 'ClientOpened', data: facts }));
  it('is refused where an account is open already', () =>
    given(client()).when(open).rejects('account_exists'));
});
