import type { Account } from './account.js';
import type { AccountState } from './account-state.js';
import { AccountQuestions } from './account-questions.js';
import type { AnyCommand, CommandEntry } from './aggregate.js';
import { aggregates, type Command, type DomainEvent } from './aggregates.js';
import { type Authority, authorize } from './authority.js';
import { commandCatalogue } from './command-catalogue.js';
import { defaultLimits, type Limits } from './limits.js';
import { formerGroup } from './former-group.js';
import { formerUser } from './former-user.js';
import type { Group } from './group.js';
import { groupNotRestored } from './group-restoration.js';
import type { Membership } from './membership.js';
import type { OtherAccounts, Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { replacedBy } from './replaced.js';
import type { NotRestored } from './restoration.js';
import { userNotRestored } from './user-restoration.js';
import type { User } from './user.js';

/** Any aggregate, as a decision uses it. Its manifest says which commands it takes. */
interface Deciding {
  readonly commands: Readonly<Record<string, Pick<CommandEntry<Command, AccountState>, 'admit'>>>;
  decide(command: Command, state: AccountState, questions: Questions): DomainEvent[];
}

const deciders = new Map(
  (aggregates as readonly Deciding[]).flatMap((one) => Object.keys(one.commands).map((type) => [type, one])),
);

/**
 * Decides a command on the state of its account.
 * @param authority what the actor holds in the actor's own account
 * @param elsewhere what is known of other accounts
 * @param limits how many of something there can be
 * @returns the events to append; none when nothing would change
 * @throws Rejection when a rule refuses
 */
export function decide(
  command: Command,
  state: AccountState,
  authority: Authority,
  elsewhere: OtherAccounts,
  limits: Limits = defaultLimits,
): DomainEvent[] {
  authorize(command, state, authority);
  const aggregate = deciders.get(command.type);
  aggregate?.commands[command.type]?.admit(command, state, limits);
  const isOpen = state.account.has('account') && !state.client.get('client')?.closed;
  if (!isOpen && !commandCatalogue[command.type].opens) throw new Rejection('client_not_found');
  if (command.type === 'RevertCommand')
    return command.data.steps.flatMap(({ command: step, replaces }) => {
      if (!isCommand(step)) throw new Error(`There is no command ${step.type}`);
      if (JSON.stringify(replacedBy(step, state)) !== JSON.stringify(replaces))
        throw new Rejection('changed_since');
      return decide(step, state, authority, elsewhere, limits);
    });
  const questions = new AccountQuestions(command, state, authority, elsewhere, limits);
  return aggregate?.decide(command, state, questions) ?? [];
}

function isCommand(command: AnyCommand): command is Command {
  return Object.hasOwn(commandCatalogue, command.type);
}

/** What a command is about, as it is once the command is done. */
export interface StateAfter {
  readonly account: Account | undefined;
  readonly user: User | undefined;
  readonly group: Group | undefined;
  /** How many members the group has. */
  readonly num_members: number;
  readonly membership: Membership | undefined;
  /** What a restored user or group has not got back. */
  readonly not_restored: readonly NotRestored[];
}

/** What a command is about, read before another command is decided. */
export function stateAfter(command: Command, state: AccountState): StateAfter {
  const { data } = command;
  const { user_id = '' } = 'user_id' in data ? data : {};
  const group_id = 'group_id' in data ? data.group_id : '';
  const group = state.groups.get(group_id);
  const members = group?.built_in ? state.users : state.memberships.byOther.get(group_id);
  return {
    account: state.account.get('account'),
    user: state.users.get(user_id),
    group,
    num_members: members?.size ?? 0,
    membership: state.memberships.get(user_id, group_id),
    not_restored: leftAfter(command, state),
  };
}

const nothing: readonly NotRestored[] = [];

function leftAfter({ type, data }: Command, state: AccountState): readonly NotRestored[] {
  if (type === 'RestoreUser') {
    const [former, present] = [state.formerUsers.get(data.user_id), formerUser(state, data.user_id)];
    return former && present ? userNotRestored(former, present, existing(state), state) : nothing;
  }
  if (type === 'RestoreGroup') {
    const [former, present] = [state.formerGroups.get(data.group_id), formerGroup(state, data.group_id)];
    return former && present ? groupNotRestored(former, present, existing(state)) : nothing;
  }
  return nothing;
}

function existing(state: AccountState) {
  return {
    hasUser: (id: string) => state.users.has(id),
    hasGroup: (id: string) => state.groups.has(id),
    hasRole: (id: string) => state.roles.has(id),
  };
}
