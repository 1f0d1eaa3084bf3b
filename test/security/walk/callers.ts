import { operatorKey } from '../../support/api-client.js';
import type { RunningApp } from '../../support/app.js';
import {
  addAdmin,
  addGroup,
  addPerson,
  addUser,
  ADMIN,
  EDITOR,
  giveKey,
  share,
  VIEW_ONLY,
} from '../../support/people.js';
import type { Family, Tenant } from './tenants.js';

/** Somebody with a key, and what must stay hidden. */
export interface Caller {
  readonly name: string;
  readonly key: string;
  /** The caller's own account. */
  readonly own: Tenant;
  /** The accounts that the caller must not reach, and that are tried. */
  readonly foreign: readonly Tenant[];
  /** Texts that no answer may show. */
  readonly hidden: readonly string[];
  /** Whether every place is tried; others are refused before an id is looked up, mostly. */
  readonly isStrong: boolean;
}

/** Every kind of caller at home; the other family is foreign to all of them. */
export async function callersOf(app: RunningApp, home: Family, other: Family): Promise<readonly Caller[]> {
  const { admin } = home.company;
  const [client, sibling] = home.clients;
  const others = [other.own, ...other.clients];
  const inRole = async (name: string, role: string): Promise<Caller> => {
    const user = await addUser(admin.v1, { roles: [role] });
    return atHome(name, (await giveKey(app, admin, user)).key);
  };
  const atHome = (name: string, key: string): Caller => ({
    ...{ name, key, own: home.own, isStrong: false, ...hiding(others) },
    foreign: other.clients.slice(0, 1),
  });

  const clerk = await addPerson(app, admin, ['user.manage', 'client.access', 'audit.read']);
  const clerks = await addGroup(admin.v1);
  await admin.v1('PUT', `/users/${clerk.id}/groups/${clerks}`);
  await share(admin.v1, client.account, true, clerks);

  const weak = await addPerson(app, admin, ['user.manage']);
  const promoted = await addPerson(app, admin, []);
  const limited = await giveKey(app, weak, promoted.id);
  await admin.v1('PUT', `/roles/${ADMIN}/users/${promoted.id}`);

  return [
    { ...atHome('an admin', admin.key), foreign: others, isStrong: true },
    {
      ...atHome('a clerk who shares one client', clerk.key),
      foreign: [sibling, other.own],
      // Facts about clients take no share.
      hidden: [...sibling.inside, ...hiding(others).hidden],
      isStrong: true,
    },
    await inRole('an editor', EDITOR),
    await inRole('a user who only views', VIEW_ONLY),
    atHome('a user without a right', (await addPerson(app, admin, [])).key),
    atHome('a key with the limits of its maker', limited.key),
    {
      ...{ name: 'an admin of a client', key: (await addAdmin(app, admin, client.account)).key, own: client },
      // The company above is named, as the one that acted.
      hidden: [...home.own.inside, ...hiding([sibling, ...others]).hidden],
      ...{ foreign: [home.own, sibling, other.own], isStrong: true },
    },
    {
      ...atHome('the operator', operatorKey),
      ...hiding([home.own, ...home.clients, ...others]),
      foreign: [home.own],
    },
  ];
}

function hiding(foreign: readonly Tenant[]): Pick<Caller, 'foreign' | 'hidden'> {
  return { foreign, hidden: foreign.flatMap(({ inside, facts }) => [...inside, ...facts]) };
}
