import { expect } from '@jest/globals';
import type { ContactKind } from '../../src/domain/account.js';
import { type AccountState, emptyAccountState, evolve } from '../../src/domain/account-state.js';
import type { Command, DomainEvent } from '../../src/domain/aggregates.js';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { type Authority, authorityOf, unlimited } from '../../src/domain/authority.js';
import { decide } from '../../src/domain/decide.js';
import { type EventMetadata, type EventRecord, METADATA_VERSION } from '../../src/domain/event.js';
import type { ClientOpened } from '../../src/domain/followed-events.js';
import type { OtherAccounts } from '../../src/domain/questions.js';
import type { LinkMail } from '../../src/domain/mail.js';
import { type Actor, apiKeyOf, type CommandMeta, noCredential } from '../../src/domain/command.js';
import { Rejection, type RejectionCode } from '../../src/domain/rejection.js';
import { credentialOf } from './credential.js';

/** Id of the company that most tests happen in. */
export const ACME = 'acme';
export const ALL_USERS = 'all-users';

export function by(actor: Actor, credential = noCredential): CommandMeta {
  return { commandId: 'command-1', requestId: 'request-1', via: 'v1', actor, credential };
}
/** @param key id of the API key that the user sends, if it is by one */
export function as(user: string, account = ACME, key?: string): CommandMeta {
  return by({ kind: 'user', id: user, account }, credentialOf(key));
}
export const operator = by({ kind: 'operator' }, { kind: 'operator_key' });
export const system = by({ kind: 'system' });

export function user(
  user_id: string,
  facts: { first_name?: string; last_name?: string; email?: string; external_id?: string } = {},
): DomainEvent {
  const defaults = {
    first_name: user_id,
    last_name: 'Doe',
    email: `${user_id}@acme.example`,
    external_id: null,
  };
  return { type: 'UserCreated', data: { user_id, ...defaults, ...facts } };
}
export function group(
  group_id: string,
  facts: { name?: string; description?: string; external_id?: string; permissions?: string[] } = {},
): DomainEvent {
  const defaults = { name: group_id, description: '', external_id: null, permissions: [] };
  return { type: 'GroupCreated', data: { group_id, ...defaults, ...facts } };
}
export function role(role_id: string, ...permissions: string[]): DomainEvent {
  return { type: 'RoleCreated', data: { role_id, name: role_id, description: '', permissions } };
}
export function inRole(user_id: string, role_id: string): DomainEvent {
  return { type: 'UserAddedToRole', data: { user_id, role_id } };
}
export function inGroup(user_id: string, group_id: string, can_edit = false): DomainEvent {
  return { type: 'UserAddedToGroup', data: { user_id, group_id, can_edit } };
}
export function permitted(user_id: string, ...permissions: string[]): DomainEvent {
  return { type: 'UserPermissionsReplaced', data: { user_id, permissions } };
}
/** A key of a user. `issued_by`, a user of `account`, made it and limits it unless it is the user's own work. */
export function keyOf(user_id: string, key_id: string, issued_by = user_id, account = ACME): DomainEvent {
  const limited_by = issued_by === user_id ? [] : [{ user_id: issued_by, account }];
  return {
    type: 'ApiKeyIssued',
    data: { user_id, key_id, name: 'laptop', key_hash: 'sha256:00', issued_by, limited_by },
  };
}
export function property(name: string): DomainEvent {
  return { type: 'UserPropertyAdded', data: { name } };
}
export function valued(user_id: string, properties: Record<string, string>): DomainEvent {
  return { type: 'UserPropertiesSet', data: { user_id, properties } };
}
export function tabs(user_id: string, ...pairs: (readonly [instance: string, tab: string])[]): DomainEvent {
  const instances = pairs.map(([tab_instance_id, tab_id]) => ({ tab_instance_id, tab_id }));
  return { type: 'UserTabInstancesAdded', data: { user_id, instances } };
}
export function shared(client_id: string, group_id: string, can_manage = false): DomainEvent {
  return { type: 'ClientShared', data: { client_id, group_id, can_manage } };
}
export function unshared(client_id: string, group_id: string): DomainEvent {
  return { type: 'ClientUnshared', data: { client_id, group_id } };
}
export function clientProperty(name: string): DomainEvent {
  return { type: 'ClientPropertyAdded', data: { name } };
}
export function clientValued(client_id: string, properties: Record<string, string>): DomainEvent {
  return { type: 'ClientPropertiesSet', data: { client_id, properties } };
}
export function signedIn(user_id: string): DomainEvent {
  return { type: 'UserSignedIn', data: { user_id } };
}
export function locked(user_id: string, until: string): DomainEvent {
  return { type: 'UserLocked', data: { user_id, until } };
}
export function unlocked(user_id: string): DomainEvent {
  return { type: 'UserUnlocked', data: { user_id } };
}
export function mailRequested(user_id: string, mail_id: string, kind: LinkMail = 'invitation'): DomainEvent {
  return { type: 'MailRequested', data: { user_id, mail_id, kind, about: null } };
}
export function mailClaimed(user_id: string, mail_id: string, until: string): DomainEvent {
  return { type: 'MailClaimed', data: { user_id, mail_id, until } };
}
export function tokenIssued(user_id: string, token_hash: string, expires: string): DomainEvent {
  return { type: 'PasswordTokenIssued', data: { user_id, token_hash, expires } };
}
export function contact(kind: ContactKind, user_id: string): DomainEvent {
  return { type: 'ContactAssigned', data: { contact: kind, user_id } };
}

const opened: DomainEvent = { type: 'CompanyOpened', data: { name: 'Acme', all_users_group_id: ALL_USERS } };

/** A company with the admin Ann. She is no contact yet. */
export const company: readonly DomainEvent[] = [opened, user('ann'), inRole('ann', adminRole.id)];

/** Max, who holds `user.manage` by a role of his own and nothing else. */
export const managerMax = [user('max'), role('managers', 'user.manage'), inRole('max', 'managers')];

/** A client account of Acme without users. */
export function client(seats = -1, more: Partial<ClientOpened['data']> = {}): DomainEvent {
  const facts = { name: 'Globex', description: '', external_id: null, custom_theme: null };
  const defaults = { parent_id: ACME, ...facts, status: 'active', all_users_group_id: ALL_USERS } as const;
  return { type: 'ClientOpened', data: { ...defaults, seats, ...more } };
}

/** An event as it would be read from the log, for what depends on the event alone. */
export function recorded(event: DomainEvent): EventRecord<DomainEvent> {
  const actor = { kind: 'system', id: 'system', account: null, revision: null } as const;
  const metadata: EventMetadata = {
    ...{
      v: 1,
      metadata_v: METADATA_VERSION,
      time: '2024-05-01T12:00:00.000Z',
      command_id: 'command-1',
      index: 0,
      count: 1,
    },
    ...{ actor, credential: noCredential, via: 'system', request_id: 'request-1' },
  };
  return { id: 'event-1', account: ACME, revision: 0, event, metadata };
}

type History = readonly (DomainEvent | readonly DomainEvent[])[];

export function stateOf(...history: History): AccountState {
  const state = emptyAccountState();
  for (const event of history.flat()) evolve(state, recorded(event));
  state.journal.length = 0;
  return state;
}

/** An account with a history; actors of another account need an authority of their own. */
export function given(...history: History): {
  when: (command: Command, authority?: Authority) => Outcome;
} {
  return {
    when: (command, authority) => new Outcome(stateOf(...history), command, authority),
  };
}

class Outcome {
  private readonly decision: DomainEvent[] | Rejection;

  constructor(state: AccountState, command: Command, authority: Authority = authorityIn(state, command)) {
    this.decision = attempt(command, state, authority);
    expect(state.journal).toHaveLength(0);
    if (this.decision instanceof Rejection) return;
    for (const event of this.decision) evolve(state, recorded(event));
  }

  then(...events: DomainEvent[]): void {
    expect(this.decision).toEqual(events);
  }
  nothing(): void {
    this.then();
  }
  rejects(code: RejectionCode, sentence?: string): void {
    expect(this.decision).toMatchObject(sentence === undefined ? { code } : { code, message: sentence });
  }
}

/** The events a command leads to, or why it is refused. */
export function attempt(
  command: Command,
  state: AccountState,
  authority = authorityIn(state, command),
  elsewhere: OtherAccounts = { clientsWithExternalId: () => [], clientsOf: () => 0 },
): DomainEvent[] | Rejection {
  try {
    return decide(command, state, authority, elsewhere);
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
}

/** The authority of an actor of the account itself; everything for the operator and the service. */
function authorityIn(state: AccountState, { account, meta }: Command): Authority {
  const { actor } = meta;
  if (actor.kind !== 'user') return unlimited;
  if (actor.account !== account) throw new Error('State the authority of an actor of another account');
  return authorityOf(state, actor.id, undefined, apiKeyOf(meta));
}
