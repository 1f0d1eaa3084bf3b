import type { SnapshotEntry } from './account-snapshot.js';
import { emptyAccountState } from './account-state.js';
import type { Group, Membership } from './group.js';
import { JournaledMap } from './journaled-map.js';
import type { Properties } from './properties.js';
import { fillRelation } from './relation.js';
import { emailKey, type User } from './user.js';

// A million memberships share these two.
const viewer: Membership = { can_edit: false };
const editor: Membership = { can_edit: true };

/** A state that is made from the entries of a snapshot, all of them in their order; its journal stays empty. */
export class Restoration {
  readonly state = emptyAccountState();
  /** Ids of groups by number. */
  private readonly groups: string[] = [];

  /** @throws Error for memberships in a group without a number */
  add(entry: SnapshotEntry): void {
    const { account, roles, users, groups, assignments, mails, passwordTokens } = this.state;
    switch (entry.type) {
      case 'account':
        for (const facts of entry.items) account.fill('account', facts);
        return;
      case 'roles':
        for (const role of entry.items) roles.fill(role.id, role);
        return;
      case 'groups':
        for (const group of entry.items) this.addGroup(group);
        return;
      case 'users':
        for (const user of entry.items) this.addUser(user);
        return;
      case 'departed':
        for (const [user, holdings] of entry.items) this.state.departed.fill(user, holdings);
        return;
      case 'numbers':
        for (const id of entry.items) this.groups.push(known(groups, id));
        return;
      case 'memberships':
        for (const [user, viewed, edited] of entry.items) {
          this.addMemberships(user, viewed, viewer);
          this.addMemberships(user, edited, editor);
        }
        return;
      case 'assignments':
        for (const [user, ids] of entry.items) {
          const held = ids.map((id) => known(roles, id));
          fillRelation(assignments, known(users, user), held, true);
        }
        return;
      case 'settings':
        for (const [name, value] of entry.items) this.state.clientSettings.fill(name, value);
        return;
      case 'properties':
        for (const [name, values] of entry.items) this.addValues(this.state.userProperties, name, values);
        return;
      case 'tabs':
        for (const [user, tabs] of entry.items) this.addTabs(user, tabs);
        return;
      case 'mails':
        for (const [user, pending] of entry.items) mails.fill(known(users, user), pending);
        return;
      case 'tokens':
        for (const [user, tokens] of entry.items) passwordTokens.fill(known(users, user), tokens);
        return;
      case 'shares':
        for (const [client, looking, managing] of entry.items) {
          this.addShares(client, looking, false);
          this.addShares(client, managing, true);
        }
        return;
      case 'client-properties':
        for (const [name, values] of entry.items) this.addValues(this.state.clientProperties, name, values);
    }
  }

  private addGroup(group: Group): void {
    const { groups, groupByExternalId } = this.state;
    groups.fill(group.id, group);
    if (group.external_id !== null) groupByExternalId.fill(group.external_id, group.id);
  }

  private addUser(user: User): void {
    const { users, userByEmail, userByExternalId } = this.state;
    users.fill(user.id, user);
    userByEmail.fill(emailKey(user.email), user.id);
    if (user.external_id !== null) userByExternalId.fill(user.external_id, user.id);
  }

  private addValues(
    properties: Properties,
    name: string,
    added: readonly (readonly [string, string])[],
  ): void {
    const { users, journal } = this.state;
    const values = properties.get(name) ?? new JournaledMap(journal);
    properties.fill(name, values);
    for (const [owner, value] of added) values.fill(known(users, owner), value);
  }

  private addShares(client: string, ids: readonly string[], can_manage: boolean): void {
    const { groups, clientShares } = this.state;
    const shared = ids.map((id) => known(groups, id));
    fillRelation(clientShares, client, shared, { can_manage });
  }

  private addTabs(user: string, tabs: readonly (readonly [string, string])[]): void {
    const { users, tabInstances, journal } = this.state;
    const own = new JournaledMap<string>(journal);
    tabInstances.fill(known(users, user), own);
    for (const [tab, instance] of tabs) own.fill(tab, instance);
  }

  private addMemberships(user: string, numbers: readonly number[], membership: Membership): void {
    const { users, memberships } = this.state;
    const groups = numbers.map((number) => {
      const id = this.groups[number];
      if (id === undefined) throw new Error(`There is no group with the number ${number}`);
      return id;
    });
    fillRelation(memberships, known(users, user), groups, membership);
  }
}

/** An id as it is in memory already, lest everything that names it keeps a copy of its own. */
function known(entities: { get(id: string): { readonly id: string } | undefined }, id: string): string {
  return entities.get(id)?.id ?? id;
}
