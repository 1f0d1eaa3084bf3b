import type { AccountUser } from './account-user.js';
import type { LimitName } from './limits.js';
import type { Holdings } from './permissions.js';

/** What a share right of a group opens of a client. */
export interface ShareRight {
  /** Whether its members may change the client; they may look at it in any case. */
  readonly can_manage: boolean;
}

/** Questions about other accounts than the one that is changed. */
export interface OtherAccounts {
  /** Ids of the clients of a company that have this external id. */
  clientsWithExternalId(company: string, externalId: string): readonly string[];
  /** How many open clients a company has. */
  clientsOf(company: string): number;
}

/** The questions a decision may ask about the rest of its account and about its actor; read-only. */
export interface Questions {
  /** Id of the user that acts; undefined for the operator and the service itself. */
  readonly actorId: string | undefined;
  /** The user that acts, and the users that limit the key of the request. Each must hold what the command needs. */
  readonly senders: readonly AccountUser[];
  /** Whether the actor holds everything: an Admin, the operator, or the service itself. */
  readonly isAdmin: boolean;
  /** Whether the account is a company. */
  readonly isCompany: boolean;
  /** Whether one of the senders is in the group. */
  isSenderIn(groupId: string): boolean;
  hasUser(id: string): boolean;
  hasGroup(id: string): boolean;
  hasRole(id: string): boolean;
  /** What the user is to the account: super_admin, technical_contact, business_contact. */
  contactsOf(userId: string): readonly ('super_admin' | 'technical_contact' | 'business_contact')[];
  /** Whether the user is the only holder of the Admin role. */
  isLastAdmin(userId: string): boolean;
  /** Whether the user's password is kept from signing in. @param now ISO 8601 in UTC with milliseconds */
  isLocked(userId: string, now: string): boolean;
  /** Whether another client of the company has it; the views say, for each client has a stream of its own. */
  isClientExternalIdTaken(externalId: string): boolean;
  /** How many open clients the company has; the views say. */
  clientsOfCompany(): number;
  /**
   * X87: more of something than the operator allows is refused.
   * @param count how many there are @param more how many come, one by default
   * @throws Rejection quota_exceeded
   */
  requireRoom(name: LimitName, count: number, more?: number): void;
  /** How many more users the account may have; Infinity when it has no limit. */
  seatsLeft(): number;
  holdingsOfUser(userId: string): Holdings;
  holdingsOfRole(roleId: string): Holdings;
  /** @throws Rejection permission_escalation when the actor does not hold all of these */
  requireGrantable(asked: Holdings | readonly string[]): void;
  /** @throws Rejection permission_escalation when the user holds more than the actor, or reaches clients that the actor does not */
  requireNoStronger(userId: string): void;
  /** @throws Rejection permission_escalation when the actor does not reach the client of the account as far */
  requireReach(client: string, asked: ShareRight): void;
  /**
   * X92: the user is about to become a member of the group.
   * @throws Rejection permission_escalation when that opens a client to the user, and the actor does not reach the client
   *   as far or holds less than the user would hold in it
   */
  requireOpenable(userId: string, groupId: string): void;
  /** As {@link Questions.requireOpenable}, of a group that is not there yet and will have these permissions and share rights. */
  requireOpens(
    userId: string,
    permissions: readonly string[],
    shares: readonly (readonly [client: string, right: ShareRight])[],
  ): void;
  /**
   * A user is about to come into the account as a member of the group.
   * @throws Rejection permission_escalation when the actor does not hold what the group gives, or reach what it opens
   */
  requireJoinable(groupId: string): void;
}
