import { type Account, contactKinds } from './account.js';
import type { AccountState } from './account-state.js';
import type { Command } from './aggregates.js';
import { type Authority, reaches, reachesClients } from './authority.js';
import { adminRole } from './built-in-roles.js';
import { holdingsOf } from './holdings.js';
import { covers, union } from './permissions.js';
import type { OtherAccounts, Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { isLocked, neverSignedIn } from './sign-in.js';

type Answers<Name extends keyof Questions> = Pick<Questions, Name>;

/** Answers the questions of a decision from the account's state and from what the actor holds. */
export function questionsOf(
  command: Command,
  state: AccountState,
  authority: Authority,
  elsewhere: OtherAccounts,
): Questions {
  const { actor } = command.meta;
  const company =
    command.type === 'OpenClient' ? command.data.parent_id : state.account.get('account')?.parent_id;
  const senders =
    actor.kind === 'user' ? [{ user_id: actor.id, account: actor.account }, ...authority.limitedBy] : [];
  const actorId = actor.kind === 'user' ? actor.id : undefined;
  return {
    ...{ actorId, senders },
    isSenderIn: (groupId) =>
      senders.some(
        ({ user_id }) =>
          state.groups.get(groupId)?.built_in === true ||
          state.memberships.get(user_id, groupId) !== undefined,
      ),
    isClientExternalIdTaken: (externalId) =>
      typeof company === 'string' &&
      elsewhere.clientsWithExternalId(company, externalId).some((id) => id !== command.account),
    ...factsOf(state),
    ...limitsOf(state, authority, senders),
  };
}

type Limit =
  | ('requireGrantable' | 'requireNoStronger' | 'requireReach')
  | ('requireOpenable' | 'requireOpens' | 'requireJoinable');

function factsOf(
  state: AccountState,
): Answers<
  Exclude<keyof Questions, Limit | 'actorId' | 'senders' | 'isSenderIn' | 'isClientExternalIdTaken'>
> {
  const account: Account | undefined = state.account.get('account');
  return {
    isCompany: account?.parent_id === null,
    hasUser: (id) => state.users.has(id),
    hasGroup: (id) => state.groups.has(id),
    hasRole: (id) => state.roles.has(id),
    contactsOf: (userId) => contactKinds.filter((kind) => account?.contacts[kind] === userId),
    isLastAdmin: (userId) => {
      const admins = state.assignments.byOther.get(adminRole.id);
      return admins?.size === 1 && admins.has(userId);
    },
    isLocked: (userId, now) => isLocked(state.signIns.get(userId) ?? neverSignedIn, now),
    seatsLeft: () => {
      const seats = state.client.get('client')?.seats ?? -1;
      return seats >= 0 ? seats - state.users.size : Infinity;
    },
    holdingsOfUser: (userId) => holdingsOf(state, userId),
    holdingsOfRole: (roleId) =>
      roleId === adminRole.id ? 'everything' : new Set(state.roles.get(roleId)?.permissions),
  };
}

/** X56, X57, X92: what the actor can neither give nor take over. */
function limitsOf(
  state: AccountState,
  { holdings }: Authority,
  senders: Questions['senders'],
): Answers<Limit> {
  const requireGrantable: Questions['requireGrantable'] = (asked) => {
    if (!covers(holdings, asked)) throw new Rejection('permission_escalation');
  };
  const requireReach: Questions['requireReach'] = (client, asked) => {
    // Only a company's groups open clients, and only the company's own users act in it.
    for (const { user_id } of senders)
      if (!reaches(state, user_id, client, asked)) throw new Rejection('permission_escalation');
  };
  const permissionsOf = (groupId: string) => state.groups.get(groupId)?.permissions ?? [];
  const sharesOf = (groupId: string) => [...(state.clientShares.byOther.get(groupId) ?? [])];
  const requireOpens: Questions['requireOpens'] = (userId, permissions, shares) => {
    const opened = shares.filter(([client, right]) => !reaches(state, userId, client, right));
    if (opened.length === 0) return;
    for (const [client, right] of opened) requireReach(client, right);
    const held = union(holdingsOf(state, userId), permissions);
    if (reachesClients(held)) requireGrantable(held);
  };
  return {
    ...{ requireGrantable, requireReach, requireOpens },
    requireNoStronger: (userId) => {
      requireGrantable(holdingsOf(state, userId));
      for (const group of state.memberships.bySubject.get(userId)?.keys() ?? [])
        for (const [client, right] of state.clientShares.byOther.get(group) ?? [])
          requireReach(client, right);
    },
    requireOpenable: (userId, groupId) => requireOpens(userId, permissionsOf(groupId), sharesOf(groupId)),
    requireJoinable: (groupId) => {
      requireGrantable(permissionsOf(groupId));
      for (const [client, right] of sharesOf(groupId)) requireReach(client, right);
    },
  };
}
