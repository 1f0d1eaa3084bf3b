import { type Account, contactKinds } from './account.js';
import type { AccountState } from './account-state.js';
import type { AccountUser } from './account-user.js';
import type { Command } from './aggregates.js';
import { type Authority, reaches, reachesClients } from './authority.js';
import { adminRole } from './built-in-roles.js';
import { holdingsOf } from './holdings.js';
import { type LimitName, type Limits, requireRoom } from './limits.js';
import { covers, type Holdings, union } from './permissions.js';
import type { OtherAccounts, Questions, ShareRight } from './questions.js';
import { Rejection } from './rejection.js';
import { isLocked, neverSignedIn } from './sign-in.js';

/**
 * Answers the questions of a decision from the account's state and from what the actor holds. It is a class, because every
 * command has one: an object put together from functions takes longer than the decision.
 */
export class AccountQuestions implements Questions {
  readonly actorId: string | undefined;
  readonly senders: readonly AccountUser[];
  private readonly account: Account | undefined;

  constructor(
    private readonly command: Command,
    private readonly state: AccountState,
    private readonly authority: Authority,
    private readonly elsewhere: OtherAccounts,
    private readonly limits: Limits,
  ) {
    const { actor } = command.meta;
    this.account = state.account.get('account');
    this.actorId = actor.kind === 'user' ? actor.id : undefined;
    this.senders =
      actor.kind === 'user' ? [{ user_id: actor.id, account: actor.account }, ...authority.limitedBy] : [];
  }

  get isAdmin(): boolean {
    return this.authority.holdings === 'everything';
  }

  get isCompany(): boolean {
    return this.account?.parent_id === null;
  }

  isSenderIn(groupId: string): boolean {
    const { groups, memberships } = this.state;
    return this.senders.some(
      ({ user_id }) =>
        groups.get(groupId)?.built_in === true || memberships.get(user_id, groupId) !== undefined,
    );
  }

  hasUser(id: string): boolean {
    return this.state.users.has(id);
  }

  hasGroup(id: string): boolean {
    return this.state.groups.has(id);
  }

  hasRole(id: string): boolean {
    return this.state.roles.has(id);
  }

  contactsOf(userId: string): ReturnType<Questions['contactsOf']> {
    return contactKinds.filter((kind) => this.account?.contacts[kind] === userId);
  }

  isLastAdmin(userId: string): boolean {
    const admins = this.state.assignments.byOther.get(adminRole.id);
    return admins?.size === 1 && admins.has(userId);
  }

  isLocked(userId: string, now: string): boolean {
    return isLocked(this.state.signIns.get(userId) ?? neverSignedIn, now);
  }

  isClientExternalIdTaken(externalId: string): boolean {
    const { command, company, elsewhere } = this;
    return (
      company !== undefined &&
      elsewhere.clientsWithExternalId(company, externalId).some((id) => id !== command.account)
    );
  }

  clientsOfCompany(): number {
    return this.company === undefined ? 0 : this.elsewhere.clientsOf(this.company);
  }

  requireRoom(name: LimitName, count: number, more?: number): void {
    requireRoom(this.limits, name, count, more);
  }

  /** The company of a client account. */
  private get company(): string | undefined {
    const { type, data } = this.command;
    return type === 'OpenClient' ? data.parent_id : (this.account?.parent_id ?? undefined);
  }

  seatsLeft(): number {
    const seats = this.state.client.get('client')?.seats ?? -1;
    return seats >= 0 ? seats - this.state.users.size : Infinity;
  }

  holdingsOfUser(userId: string): Holdings {
    return holdingsOf(this.state, userId);
  }

  holdingsOfRole(roleId: string): Holdings {
    return roleId === adminRole.id ? 'everything' : new Set(this.state.roles.get(roleId)?.permissions);
  }

  // X56, X57, X92: what the actor can neither give nor take over.

  requireGrantable(asked: Holdings | readonly string[]): void {
    if (!covers(this.authority.holdings, asked)) throw new Rejection('permission_escalation');
  }

  requireNoStronger(userId: string): void {
    this.requireGrantable(holdingsOf(this.state, userId));
    for (const group of this.state.memberships.bySubject.get(userId)?.keys() ?? [])
      this.requireReachOf(this.sharesOf(group));
  }

  requireReach(client: string, asked: ShareRight): void {
    // Only a company's groups open clients, and only the company's own users act in it.
    for (const { user_id } of this.senders)
      if (!reaches(this.state, user_id, client, asked)) throw new Rejection('permission_escalation');
  }

  requireOpenable(userId: string, groupId: string): void {
    this.requireOpens(userId, this.permissionsOf(groupId), this.sharesOf(groupId));
  }

  requireOpens(
    userId: string,
    permissions: readonly string[],
    shares: readonly (readonly [client: string, right: ShareRight])[],
  ): void {
    const opened = shares.filter(([client, right]) => !reaches(this.state, userId, client, right));
    if (opened.length === 0) return;
    this.requireReachOf(opened);
    const held = union(holdingsOf(this.state, userId), permissions);
    if (reachesClients(held)) this.requireGrantable(held);
  }

  requireJoinable(groupId: string): void {
    this.requireGrantable(this.permissionsOf(groupId));
    this.requireReachOf(this.sharesOf(groupId));
  }

  private requireReachOf(shares: readonly (readonly [client: string, right: ShareRight])[]): void {
    for (const [client, right] of shares) this.requireReach(client, right);
  }

  private permissionsOf(groupId: string): readonly string[] {
    return this.state.groups.get(groupId)?.permissions ?? [];
  }

  private sharesOf(groupId: string): readonly (readonly [client: string, right: ShareRight])[] {
    return [...(this.state.clientShares.byOther.get(groupId) ?? [])];
  }
}
