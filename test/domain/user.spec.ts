import { describe, it } from '@jest/globals';
import { adminRole, builtInRoles } from '../../src/domain/built-in-roles.js';
import { CreateUser, UpdateUser } from '../../src/domain/user.js';
import { ACME, as, client, company, given, inRole, role, system, user } from '../support/domain.js';

describe('CreateUser', () => {
  const bob = { user_id: 'bob', first_name: 'Bob', last_name: 'Ray', email: 'Bob@acme.example' };
  const created = { type: 'UserCreated', data: { ...bob, external_id: null } } as const;
  const create = (facts: Partial<CreateUser['data']> = {}, meta = as('ann')) =>
    new CreateUser(ACME, { ...bob, external_id: null, password_hash: null, roles: [], ...facts }, meta);

  it('T210 T212: creates the user with all the roles named', () =>
    given(company, role('analysts'))
      .when(create({ roles: ['analysts', adminRole.id] }))
      .then(created, inRole('bob', 'analysts'), inRole('bob', adminRole.id)));
  it('T213 T214: records the password apart from the user, and the external id with the user', () =>
    given(company)
      .when(create({ password_hash: 'scrypt$1', external_id: 'hr-7' }))
      .then(
        { type: 'UserCreated', data: { ...bob, external_id: 'hr-7' } },
        { type: 'UserPasswordSet', data: { user_id: 'bob', password_hash: 'scrypt$1' } },
      ));
  it('T224: counts a role named twice once', () =>
    given(company, role('analysts'))
      .when(create({ roles: ['analysts', 'analysts'] }))
      .then(created, inRole('bob', 'analysts')));
  it.each(builtInRoles)('assigns the built-in role $name, which exists in every account', ({ id }) =>
    given(company)
      .when(create({ roles: [id] }))
      .then(created, inRole('bob', id)),
  );
  it('T220 X31: refuses an unknown role and says which', () =>
    given(company, role('analysts'))
      .when(create({ roles: ['analysts', 'nope'] }))
      .rejects('invalid_role', 'There is no role nope in this account'));
  it('T222 X33: refuses an address in use, letter case aside', () =>
    given(company, user('eve', { email: 'bOB@ACME.example' }))
      .when(create())
      .rejects('email_in_use'));
  it('X33: refuses an address in use that is composed otherwise', () =>
    given(company, user('eve', { email: 'jose\u0301@acme.example' }))
      .when(create({ email: 'jos\u00e9@acme.example' }))
      .rejects('email_in_use'));
  it('T223: takes an address that another account uses', () =>
    given(client())
      .when(create({ email: 'ann@acme.example' }, system))
      .then({ type: 'UserCreated', data: { ...bob, email: 'ann@acme.example', external_id: null } }));
  it('T252: takes the address and the external id of a deleted user', () =>
    given(company, user('eve', { email: bob.email, external_id: 'hr-7' }), {
      type: 'UserDeleted',
      data: { user_id: 'eve' },
    })
      .when(create({ external_id: 'hr-7' }))
      .then({ type: 'UserCreated', data: { ...bob, external_id: 'hr-7' } }));
  it('X33: refuses an external id in use', () =>
    given(company, user('eve', { external_id: 'hr-7' }))
      .when(create({ external_id: 'hr-7' }))
      .rejects('external_id_in_use'));
  it('X75: names the e-mail before the external id', () =>
    given(company, user('eve', { email: bob.email, external_id: 'hr-7' }))
      .when(create({ external_id: 'hr-7' }))
      .rejects('email_in_use'));
  it('T225: fills the last seat', () => given(client(2), user('cem')).when(create({}, system)).then(created));
  it('T225: refuses one user more than there are seats', () =>
    given(client(1), user('cem')).when(create({}, system)).rejects('seat_limit'));
  it('T225: refuses the first user where there is no seat at all', () =>
    given(client(0)).when(create({}, system)).rejects('seat_limit'));
  it('T225: has a seat again after a deletion', () =>
    given(client(1), user('cem'), { type: 'UserDeleted', data: { user_id: 'cem' } })
      .when(create({}, system))
      .then(created));
});

describe('UpdateUser', () => {
  const bob = user('bob', {
    first_name: 'Bob',
    last_name: 'Ray',
    email: 'bob@acme.example',
    external_id: 'hr-7',
  });
  const update = (facts: Omit<UpdateUser['data'], 'user_id'>) =>
    new UpdateUser(ACME, { user_id: 'bob', ...facts }, as('ann'));

  it('T230: changes only the first name and keeps the last', () =>
    given(company, bob)
      .when(update({ first_name: 'Robert' }))
      .then({ type: 'UserRenamed', data: { user_id: 'bob', first_name: 'Robert', last_name: 'Ray' } }));
  it('T230: changes only the last name and keeps the first', () =>
    given(company, bob)
      .when(update({ last_name: 'Rey' }))
      .then({ type: 'UserRenamed', data: { user_id: 'bob', first_name: 'Bob', last_name: 'Rey' } }));
  it('T231: changes names, address and external id at once', () =>
    given(company, bob)
      .when(update({ first_name: 'R', last_name: 'R', email: 'r@acme.example', external_id: 'hr-8' }))
      .then(
        { type: 'UserRenamed', data: { user_id: 'bob', first_name: 'R', last_name: 'R' } },
        { type: 'UserEmailChanged', data: { user_id: 'bob', email: 'r@acme.example' } },
        { type: 'UserExternalIdChanged', data: { user_id: 'bob', external_id: 'hr-8' } },
      ));
  it('X38: changes nothing when nothing is said', () => given(company, bob).when(update({})).nothing());
  it('changes nothing when everything is as it was', () =>
    given(company, bob)
      .when(update({ first_name: 'Bob', last_name: 'Ray', email: 'bob@acme.example', external_id: 'hr-7' }))
      .nothing());
  it('T235 X78: changes the letter case of the own address', () =>
    given(company, bob)
      .when(update({ email: 'Bob@Acme.example' }))
      .then({ type: 'UserEmailChanged', data: { user_id: 'bob', email: 'Bob@Acme.example' } }));
  it('T235: refuses the address of another user', () =>
    given(company, bob)
      .when(update({ first_name: 'Robert', email: 'ANN@acme.example' }))
      .rejects('email_in_use'));
  it('T235: takes the address another user has given up', () =>
    given(company, bob, { type: 'UserEmailChanged', data: { user_id: 'ann', email: 'a@acme.example' } })
      .when(update({ email: 'ann@acme.example' }))
      .then({ type: 'UserEmailChanged', data: { user_id: 'bob', email: 'ann@acme.example' } }));
  it('T236 X36: clears the external id', () =>
    given(company, bob)
      .when(update({ external_id: null }))
      .then({ type: 'UserExternalIdChanged', data: { user_id: 'bob', external_id: null } }));
  it('clears no external id twice', () =>
    given(company, user('bob'))
      .when(update({ external_id: null }))
      .nothing());
  it('X33: refuses the external id of another user', () =>
    given(company, bob, user('eve', { external_id: 'hr-8' }))
      .when(update({ external_id: 'hr-8' }))
      .rejects('external_id_in_use'));
  it('X75: names the e-mail before the external id', () =>
    given(company, bob, user('eve', { external_id: 'hr-8' }))
      .when(update({ external_id: 'hr-8', email: 'eve@acme.example' }))
      .rejects('email_in_use'));
  it('T234: refuses an unknown user', () =>
    given(company)
      .when(update({ first_name: 'Robert' }))
      .rejects('user_not_found'));
});
