import { beforeEach, describe, it } from '@jest/globals';
import { pick } from '../../support/api-client.js';
import {
  addClient,
  addPerson,
  addRole,
  addUser,
  ADMIN,
  type Company,
  EDITOR,
  openCompany,
  type Person,
  share,
  startService,
  userFacts,
  VIEW_ONLY,
  within,
} from '../../support/people.js';
import { expectNothingRecorded, expectRefusal } from './expectations.js';

/** Several state rules at once (X75). The first reasons against a deletion stand in users-delete.spec.ts. */
const app = await startService();

let home: Company;
/** Manages users and holds nothing else. */
let manager: Person;
let weak: string;
beforeEach(async () => {
  home = await openCompany(app);
  weak = await addRole(home.admin.v1);
  manager = await addPerson(app, home.admin, ['user.manage']);
  await addUser(home.admin.v1, { email: 'taken@example.com', external_id: 'taken' });
});

async function refused(by: Person, request: [string, string, object?], status: number, code: string) {
  const answer = await expectNothingRecorded(home.admin.v1, () => by.v1(...request));
  expectRefusal(answer, status, code);
}

const taken = { email: 'taken@example.com', external_id: 'taken' };

describe('X75: of several rules', () => {
  it('X75: "does not have role" comes before "admin role must have a user"', async () => {
    const user = await addUser(home.admin.v1);
    await refused(home.admin, ['DELETE', `/roles/${ADMIN}/users/${user}`], 403, 'user_does_not_have_role');
  });

  it('X75: the address comes before the external id', async () => {
    const user = await addUser(home.admin.v1);
    await refused(home.admin, ['PUT', `/users/${user}`, taken], 409, 'email_in_use');
    await refused(home.admin, ['POST', '/users', userFacts(taken)], 409, 'email_in_use');
    const external = { external_id: 'taken' };
    await refused(home.admin, ['PUT', `/users/${user}`, external], 409, 'external_id_in_use');
    await refused(home.admin, ['POST', '/users', userFacts(external)], 409, 'external_id_in_use');
  });

  it('X75: escalation comes before what is in use', async () => {
    const user = await addUser(home.admin.v1, { roles: [EDITOR] });
    await refused(manager, ['PUT', `/users/${user}`, taken], 403, 'permission_escalation');
    const stronger = userFacts({ ...taken, roles: [EDITOR] });
    await refused(manager, ['POST', '/users', stronger], 403, 'permission_escalation');
    await refused(manager, ['POST', '/users', userFacts({ ...taken, roles: [weak] })], 409, 'email_in_use');
  });

  it('X75 T225: escalation comes before the seats', async () => {
    const client = await addClient(home.admin.v1, { seats: 0 });
    await share(home.admin.v1, client, true);
    const path = `/users${within(client)}`;
    await refused(manager, ['POST', path, userFacts({ roles: [EDITOR] })], 403, 'permission_escalation');
    await refused(home.admin, ['POST', path, userFacts({ roles: [EDITOR] })], 403, 'seat_limit');
  });

  it('T220 section 3: a role that is not comes before every other rule', async () => {
    const facts = userFacts({ ...taken, roles: [EDITOR, 'unknown'] });
    await refused(manager, ['POST', '/users', facts], 400, 'invalid_role');
  });

  it('X78: a role the user has already is no grant: that comes first', async () => {
    const user = await addUser(home.admin.v1, { roles: [VIEW_ONLY] });
    await refused(manager, ['PUT', `/roles/${VIEW_ONLY}/users/${user}`], 403, 'user_already_has_role');
    await refused(manager, ['PUT', `/roles/${EDITOR}/users/${user}`], 403, 'permission_escalation');
  });
});

describe('section 3: ids come before rules', () => {
  it('section 3: in the path before escalation', async () => {
    const foreign = await addUser((await openCompany(app)).admin.v1);
    const group = await home.admin.v2('POST', '/groups', { name: 'G', permissions: ['tab.edit'] });
    const membership = `/groups/${String(pick(group, 'id'))}`;
    await refused(manager, ['PUT', `/users/unknown${membership}`], 404, 'user_not_found');
    await refused(manager, ['PUT', `/users/${foreign}${membership}`], 401, 'access_denied');
    await refused(manager, ['PUT', `/roles/${ADMIN}/users/unknown`], 404, 'user_not_found');
    await refused(manager, ['PUT', `/roles/${ADMIN}/users/${foreign}`], 401, 'access_denied');
    await refused(manager, ['PUT', `/users/unknown`, taken], 404, 'user_not_found');
  });
});
