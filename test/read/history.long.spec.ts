import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccountState } from '../../src/domain/account-state.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import type { Views } from '../../src/read/views.js';
import { CommandsFor } from '../support/commands.js';
import { fold, recordsOf, runAll } from '../support/execute.js';
import { Instance } from '../support/views.js';
import { RandomLog, steps } from './random-log.js';

const id = (column: string) => `(SELECT id FROM entities WHERE number = rows."${column}")`;

/** What the system-versioned rows of an account said at a revision. */
function asOf(views: Views, account: string, revision: number) {
  const rows = (table: string, owned: string, ...columns: string[]) =>
    views.database
      .prepare<Record<string, string | number | null>>(
        `SELECT ${columns.join(', ')} FROM ${table} rows JOIN entities owned ON owned.number = rows."${owned}"
         JOIN entities owner ON owner.number = owned.account
         WHERE owner.id = ? AND since <= ? AND ? < until`,
      )
      .all(account, revision, revision)
      .map((row) => JSON.stringify(Object.values(row)))
      .sort();
  return {
    users: rows(
      ...(['users', 'user', id('user'), 'first_name', 'last_name', 'email', 'external_id'] as const),
      ...['sign_ins', 'locked_until'],
    ),
    groups: rows('groups', 'group', id('group'), 'name', 'description', 'external_id', 'permissions'),
    tabs: rows('default_tabs', 'group', id('group'), 'tab'),
    roles: rows('roles', 'role', id('role'), 'name', 'description', 'permissions'),
    memberships: rows('memberships', 'user', id('user'), id('group'), 'can_edit'),
    assignments: rows('assignments', 'user', id('user'), id('role')),
    permissions: rows('individual_permissions', 'user', id('user'), 'permissions'),
    keys: rows('api_keys', 'user', id('user'), id('api_key')),
    properties: rows('user_properties', 'account', 'name'),
    values: views.database
      .prepare<{ user: string; name: string; value: string }>(
        `SELECT owned.id AS user, name, value FROM user_property_values rows
         JOIN entities owned ON owned.number = rows.owner JOIN entities owner ON owner.number = owned.account
         JOIN user_properties names ON names.account = owned.account AND names.since = property
         WHERE owner.id = ?1 AND rows.since <= ?2 AND ?2 < rows.until AND ?2 < names.until`,
      )
      .all(account, revision)
      .map((row) => JSON.stringify(Object.values(row)))
      .sort(),
    shares: rows('client_shares', 'group', id('client'), id('group'), 'can_manage'),
    clientProperties: rows('client_properties', 'account', 'name'),
    clientValues: views.database
      .prepare<{ client: string; name: string; value: string }>(
        `SELECT ${id('owner')} AS client, name, value FROM client_property_values rows
         JOIN client_properties names ON names.since = property JOIN entities owner ON owner.number = names.account
         WHERE owner.id = ?1 AND rows.since <= ?2 AND ?2 < rows.until AND ?2 < names.until`,
      )
      .all(account, revision)
      .map((row) => JSON.stringify(Object.values(row)))
      .sort(),
    tabInstances: rows('tab_instances', 'user', id('user'), id('tab_instance'), 'tab_id'),
    accounts: rows(
      ...(['accounts', 'account', 'name', 'seats', id('technical_contact')] as const),
      ...['description', 'status', 'external_id', 'custom_theme', 'trial_ends', 'direct_billing'],
    ),
    resources: rows('client_resources', 'account', 'name', 'value'),
    settings: rows('client_settings', 'account', 'name', 'value'),
    mails: rows('mails', 'user', id('user'), id('mail'), 'rows.kind', 'attempts', 'due'),
    tokens: rows('password_tokens', 'user', id('user'), 'token_hash', 'expires'),
  };
}

/** The same of a state that was folded from the log. */
function told(state: AccountState, allUsers: string): ReturnType<typeof asOf> {
  const lines = (rows: unknown[][]) => rows.map((row) => JSON.stringify(row)).sort();
  const users = [...state.users.values()];
  const billing = state.clientBilling.get('client');
  const pairs = (relation: AccountState['memberships'] | AccountState['assignments']) =>
    [...relation.bySubject].flatMap(([user, others]) =>
      [...others].map(([other, value]) => ({ user, other, value })),
    );
  return {
    users: lines(
      users.map((user) => [
        ...[user.id, user.first_name, user.last_name, user.email, user.external_id],
        state.signIns.get(user.id)?.sign_ins ?? 0,
        state.signIns.get(user.id)?.locked_until ?? null,
      ]),
    ),
    groups: lines(
      [...state.groups.values()].map((group) => [
        ...[group.id, group.name, group.description, group.external_id],
        JSON.stringify(group.permissions),
      ]),
    ),
    tabs: lines([...state.defaultTabs].flatMap(([group, tabs]) => tabs.map((tab) => [group, tab]))),
    roles: lines(
      [...state.roles.values()]
        .filter((role) => !role.built_in)
        .map((role) => [role.id, role.name, role.description, JSON.stringify(role.permissions)]),
    ),
    memberships: lines([
      ...users.map((user) => [user.id, allUsers, 0]),
      ...pairs(state.memberships).map(({ user, other, value }) => [
        user,
        other,
        value !== true && value.can_edit ? 1 : 0,
      ]),
    ]),
    assignments: lines(pairs(state.assignments).map(({ user, other }) => [user, other])),
    permissions: lines(
      users
        .filter((user) => user.permissions.length > 0)
        .map((user) => [user.id, JSON.stringify(user.permissions)]),
    ),
    keys: lines([...state.apiKeys].flatMap(([user, keys]) => keys.map(({ id }) => [user, id]))),
    properties: lines([...state.userProperties.keys()].map((name) => [name])),
    values: lines(
      [...state.userProperties].flatMap(([name, values]) =>
        [...values].map(([user, value]) => [user, name, value]),
      ),
    ),
    shares: lines(
      [...state.clientShares.bySubject].flatMap(([client, groups]) =>
        [...groups].map(([group, { can_manage }]) => [client, group, can_manage ? 1 : 0]),
      ),
    ),
    clientProperties: lines([...state.clientProperties.keys()].map((name) => [name])),
    clientValues: lines(
      [...state.clientProperties].flatMap(([name, values]) =>
        [...values].map(([client, value]) => [client, name, value]),
      ),
    ),
    tabInstances: lines(
      [...state.tabInstances].flatMap(([user, tabs]) =>
        [...tabs].map(([tab, instance]) => [user, instance, tab]),
      ),
    ),
    // With an account that is closed its to-do list ends.
    mails: lines(
      (state.client.get('client')?.closed ? [] : [...state.mails]).flatMap(([user, mails]) =>
        mails.map(({ mail_id, kind, attempts, due }) => [user, mail_id, kind, attempts, due]),
      ),
    ),
    tokens: lines(
      [...state.passwordTokens].flatMap(([user, tokens]) =>
        tokens.map(({ token_hash, expires }) => [user, token_hash, expires]),
      ),
    ),
    accounts: lines(
      [...state.account.values()]
        .map(({ name, contacts }) => ({ name, contacts, client: state.client.get('client') }))
        .filter(({ client }) => !client?.closed)
        .map(({ name, contacts, client }) => [
          ...[name, client?.seats ?? -1, contacts.technical_contact],
          ...[client?.description ?? '', client?.status ?? 'active', client?.external_id ?? null],
          ...[client?.custom_theme ?? null, billing?.trial_ends ?? null, billing?.direct_billing ? 1 : 0],
        ]),
    ),
    resources: lines([...state.clientResources]),
    settings: lines([...state.clientSettings].map(([name, value]) => [name, JSON.stringify(value)])),
  };
}

describe('The rows with their since and until', () => {
  it('tell the state of an account at every revision it ever had', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (drafts) => {
        const store = new MemoryEventStore();
        const instance = await Instance.start(store);
        await new RandomLog().run(instance.execute, drafts);
        for (const account of [new CommandsFor('acme'), new CommandsFor('client')]) {
          const state = fold([]);
          for (const record of await recordsOf(store, account.account)) {
            fold([record], state);
            const { permissions, ...rest } = asOf(instance.views, account.account, record.revision);
            const expected = told(state, account.allUsers);
            expect(rest).toEqual({ ...expected, permissions: undefined });
            expect(permissions.filter((row) => !row.includes('[]'))).toEqual(expected.permissions);
          }
        }
        await instance.stop();
      }),
      { numRuns: 20 },
    );
  });

  it('say from when until when a user had a name, a membership and a role', async () => {
    const acme = new CommandsFor('acme');
    const instance = await Instance.start(new MemoryEventStore());
    const { execute, views } = instance;
    await runAll(
      execute,
      acme.open(),
      acme.createUser('bob'),
      acme.createGroup('g'),
      acme.addToGroup('bob', 'g'),
    );
    await runAll(execute, acme.addToGroup('bob', 'g', true), acme.addToRole('bob'), acme.createUser('eve'));
    await runAll(
      execute,
      acme.updateUser({ user_id: 'bob', first_name: 'Rob' }),
      acme.removeFromGroup('bob', 'g'),
    );
    await runAll(execute, acme.removeFromRole('bob'), acme.deleteUser('bob'));
    const now = Number.MAX_SAFE_INTEGER;
    const spans = (table: string, condition: string) =>
      views.database
        .prepare<{ since: number; until: number }>(
          `SELECT since, until FROM ${table} JOIN entities ON number = user WHERE ${condition} ORDER BY since`,
        )
        .all()
        .map(({ since, until }) => [since, until]);
    expect(spans('users', "id = 'bob'")).toEqual([
      [10, 16],
      [16, 19],
    ]);
    expect(spans('users', "id = 'eve'")).toEqual([[15, now]]);
    expect(spans('memberships', "id = 'bob'")).toEqual([
      [10, 19],
      [12, 13],
      [13, 17],
    ]);
    expect(spans('assignments', "id = 'bob'")).toEqual([[14, 18]]);
    await instance.stop();
  });
});
