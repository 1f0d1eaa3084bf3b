import type { Account } from './account.js';
import type { UserOf } from './api-key.js';
import type { ShareRight } from './client-shares.js';
import type { Group, Membership } from './group.js';
import type { Holdings } from './permissions.js';
import type { Role } from './role.js';
import type { User } from './user.js';

/** The questions a decision may ask about the rest of its account and about who acts; read-only. */
export interface Directory {
  readonly account: Account | undefined;
  /** Id of the user who acts, or undefined for an operator or the service itself. */
  readonly actorId: string | undefined;
  /** Who must hold what the command asks for: the user who acts, and whoever limits the key that was sent. */
  readonly senders: readonly UserOf[];
  /** Whether the user who acts is in the group. */
  isActorIn(groupId: string): boolean;
  user(id: string): User | undefined;
  group(id: string): Group | undefined;
  role(id: string): Role | undefined;
  /** The id of the user with this address, letter case aside. */
  userWithEmail(email: string): string | undefined;
  userWithExternalId(externalId: string): string | undefined;
  groupWithExternalId(externalId: string): string | undefined;
  membership(userId: string, groupId: string): Membership | undefined;
  hasRole(userId: string, roleId: string): boolean;
  /** Whether the user is the only holder of the Admin role; `roleId` narrows the question to that role. */
  isLastAdmin(userId: string, roleId?: string): boolean;
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
   * X92: of a user who would come into the group.
   * @throws Rejection permission_escalation when that opens a client to the user which the actor does not reach as far,
   *   or in which the user would hold more than the actor
   */
  requireOpenable(userId: string, group: Group): void;
}
