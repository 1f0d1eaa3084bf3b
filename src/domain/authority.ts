import type { AccountState } from './account-state.js';
import type { Command } from './aggregates.js';
import type { AccountUser } from './account-user.js';
import { adminRole } from './built-in-roles.js';
import { isShut } from './client.js';
import { isOpenedBy } from './client-shares.js';
import type { Actor } from './command.js';
import { commandCatalogue } from './command-catalogue.js';
import { holdingsOf, holdingsOfIssuer } from './holdings.js';
import { common, type Holdings, holds, type Permission, readers } from './permissions.js';
import type { ShareRight } from './questions.js';
import { Rejection } from './rejection.js';

/** What the actor's own account says of the actor, at one revision of that account. */
export interface Authority {
  readonly holdings: Holdings;
  /** Whether that account is a company: only a company opens clients. */
  readonly inCompany: boolean;
  /** Whether the client account that is changed is open to the actor for changes, as far as share rights go. */
  readonly managesClient: boolean;
  /** The other users that limit the API key of the request. The holdings take them into account already. */
  readonly limitedBy: readonly AccountUser[];
}

/** Of the operator and of the service itself. */
export const unlimited: Authority = {
  ...{ holdings: 'everything', inCompany: true, managesClient: true, limitedBy: [] },
};

/** Of a revoked key, and of a user whose account has no authority over the one that is changed. */
export const powerless: Authority = {
  ...{ holdings: new Set<string>(), inCompany: false, managesClient: false, limitedBy: [] },
};

/**
 * What a user may do by the user's own account, reduced to what the users that limit the key hold too. Of these, users of
 * the account's company are another account's to judge: see {@link limitedIn}.
 * @param client the client account that is changed, when it is another account than the user's own
 * @param key id of the API key that was sent, if one was
 */
export function authorityOf(state: AccountState, userId: string, client?: string, key?: string): Authority {
  const own = ownAuthority(state, userId, client);
  if (key === undefined) return own;
  const found = state.apiKeys.get(userId)?.find(({ id }) => id === key);
  if (!found) return powerless;
  const company = state.account.get('account')?.parent_id;
  return found.limited_by
    .filter(({ account }) => account !== company)
    .map(({ user_id }) => authorityOfIssuer(state, user_id, client))
    .reduce(lesser, { ...own, limitedBy: found.limited_by });
}

/** As {@link authorityOf}, of a user that limits a key. The user may have been deleted since. */
export function authorityOfIssuer(state: AccountState, userId: string, client?: string): Authority {
  return { ...ownAuthority(state, userId, client), holdings: holdingsOfIssuer(state, userId) };
}

function ownAuthority(state: AccountState, userId: string, client?: string): Authority {
  return {
    holdings: holdingsOf(state, userId),
    inCompany: state.account.get('account')?.parent_id === null,
    managesClient: client !== undefined && reaches(state, userId, client, { can_manage: true }),
    limitedBy: [],
  };
}

function lesser(one: Authority, other: Authority): Authority {
  const holdings = common(one.holdings, other.holdings);
  return { ...one, holdings, managesClient: one.managesClient && other.managesClient };
}

/** The authority of a client's user by a key that a user of the company limits. */
export function limitedIn(own: Authority, ofCompany: Authority): Authority {
  return {
    ...own,
    holdings: mayChangeClient(ofCompany) ? common(own.holdings, ofCompany.holdings) : new Set(),
  };
}

/** Whether a client of the account is open to a user of it: to Admins, and by a share right of one of the user's groups. */
export function reaches(state: AccountState, userId: string, client: string, asked: ShareRight): boolean {
  if (!state.users.has(userId)) return state.lastHoldings.get(userId) === 'everything';
  const own = state.memberships.bySubject.get(userId);
  if (state.assignments.bySubject.get(userId)?.has(adminRole.id)) return true;
  const isIn = (group: string) => own?.has(group) === true || state.groups.get(group)?.built_in === true;
  return isOpenedBy(state.clientShares, client, asked, isIn);
}

/** @throws Rejection access_denied */
export function authorize(command: Command, state: AccountState, authority: Authority): void {
  const { actor } = command.meta;
  if (actor.kind !== 'user') return;
  const client = state.client.get('client');
  if (actor.account === command.account && client && isShut(client)) throw new Rejection('access_denied');
  const { needs, aboutClient: isAboutClient = false } = commandCatalogue[command.type];
  if (needs === 'self') {
    requireSelf(command, actor);
    return;
  }
  if (needs === 'service' || !meets(authority.holdings, needs)) throw new Rejection('access_denied');
  if (actor.account === command.account && !isAboutClient) return;
  const parent = state.account.get('account')?.parent_id;
  const company = command.type === 'OpenClient' ? command.data.parent_id : parent;
  const isOfCompany = company === actor.account && authority.inCompany;
  if (!isOfCompany || !(isAboutClient || mayChangeClient(authority))) throw new Rejection('access_denied');
}

function meets(holdings: Holdings, needs: Permission | 'reader' | 'webhooks'): boolean {
  if (needs === 'webhooks') return managesWebhooks(holdings);
  return needs === 'reader' ? reads(holdings) : holds(holdings, needs);
}

function reads(holdings: Holdings): boolean {
  return readers.some((permission) => holds(holdings, permission));
}

/** A webhook sends the log elsewhere, and outlives its maker. */
export function managesWebhooks(holdings: Holdings): boolean {
  return reads(holdings) && holds(holdings, 'account.settings');
}

function requireSelf({ account, data }: Command, actor: Extract<Actor, { kind: 'user' }>): void {
  const isSelf = 'user_id' in data && data.user_id === actor.id && account === actor.account;
  if (!isSelf) throw new Rejection('access_denied');
}

/**
 * Whether these permissions, held in a company, open client accounts of it at all:
 * to Admins every one of them, to others those that are shared with one of their groups.
 */
export function reachesClients(holdings: Holdings): boolean {
  return holds(holdings, 'user.manage') || holds(holdings, 'client.access');
}

function mayChangeClient({ holdings, managesClient }: Authority): boolean {
  return holdings === 'everything' || (managesClient && reachesClients(holdings));
}
