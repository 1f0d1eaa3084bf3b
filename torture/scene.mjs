import { randomBytes } from 'node:crypto';
import { bearer, Caller } from './call.mjs';

const ADMIN = 'a0000000000000000000000000000001';
const VIEW_ONLY = 'a0000000000000000000000000000003';
const PASSWORD = 'correct horse battery';
const SHARED = 'shared@everywhere.example';

/** Opens the companies of the attack: two attackers and a victim, over the API. */
export async function setScene({ port, operatorKey }) {
  const operator = new Caller(port, { headers: bearer(operatorKey) });
  const open = async (name) => {
    const domain = `${name}.example`;
    const email = `admin@${domain}`;
    const admin = { first_name: name, last_name: 'Admin', email, password: PASSWORD };
    const {
      id,
      admin_user_id: user,
      api_key: key,
    } = await operator.need('POST', '/api/v2/companies', { name, admin });
    return { id, user, key, email, domain, password: PASSWORD };
  };
  const [mallory, eve, victim] = [await open('mallory'), await open('eve'), await open('victim')];
  operator.close();
  const made = ({ meta }) => meta.location.split('/').at(-1);

  const own = new Caller(port, { headers: { ...bearer(mallory.key), 'kf-api-key': mallory.key } });
  const theirs = new Caller(port, { headers: { 'kf-api-key': victim.key } });
  const person = (email) => ({ first_name: 'M', last_name: 'M', email, roles: [VIEW_ONLY] });
  const member = made(await own.need('POST', '/api/1.0/users', person('member@mallory.example')));
  const { key: memberKey } = await own.need('POST', `/api/v2/users/${member}/keys`, { name: 'member' });
  const groups = [];
  for (let n = 0; n < 10; n += 1) {
    const permissions = Array.from({ length: 2_000 }, (_, p) => `area${n}.${p}`);
    const { id } = await own.need('POST', '/api/v2/groups', { name: `large ${n}`, permissions });
    await own.need('PUT', `/api/v2/groups/${id}/users/${member}`);
    groups.push(id);
  }
  for (let n = 0; n < 20; n += 1) {
    const client_id = made(await own.need('POST', '/api/1.0/clients', { name: `client ${n}` }));
    const user = { ...person(SHARED), client_id, password: `${PASSWORD} ${n}` };
    await own.need('POST', '/api/1.0/users', user);
  }
  for (let n = 0; n < 50; n += 1) await theirs.need('POST', '/api/1.0/users', person(`u${n}@victim.example`));
  const group = made(await theirs.need('POST', '/api/1.0/groups', { name: 'staff' }));
  own.close();
  theirs.close();
  return {
    port,
    mallory,
    eve,
    victim,
    member,
    memberKey,
    groups,
    group,
    shared: SHARED,
    role: VIEW_ONLY,
    admin: ADMIN,
  };
}

export const newKey = () => randomBytes(24).toString('hex');
