import type { AccountUser } from './account-user.js';
import { noTexts, requireText } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import { JournaledMap } from './journaled-map.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { id, list, record, text, textOrNull } from './shape.js';
import { nameRule } from './text.js';

export class IssueApiKey extends AccountCommand<{
  readonly user_id: string;
  readonly key_id: string;
  readonly name: string;
  readonly key_hash: string;
}> {
  readonly type = 'IssueApiKey';
}

export class RevokeApiKey extends AccountCommand<{ readonly user_id: string; readonly key_id: string }> {
  readonly type = 'RevokeApiKey';
}

type ApiKeyCommand = IssueApiKey | RevokeApiKey;

/**
 * The user acts by the key. The key holds only what each user of `limited_by` holds too, at the time of its use. These
 * are the user that made it for another one, and the users that limited the key it was made by.
 */
export type ApiKeyIssued = Event<
  'ApiKeyIssued',
  {
    user_id: string;
    key_id: string;
    name: string;
    key_hash: string;
    /** Id of the user that made it; null for the operator and the service. */
    issued_by: string | null;
    limited_by: readonly AccountUser[];
  }
>;
export type ApiKeyRevoked = Event<'ApiKeyRevoked', { user_id: string; key_id: string }>;

type ApiKeyEvent = ApiKeyIssued | ApiKeyRevoked;

export interface ApiKey {
  readonly id: string;
  readonly limited_by: readonly AccountUser[];
}

/** The keys of each user, oldest first. */
export type ApiKeys = JournaledMap<readonly ApiKey[]>;

/** @throws Rejection user_not_found, key_not_found, permission_escalation, quota_exceeded */
function decide(command: ApiKeyCommand, self: ApiKeys, questions: Questions): ApiKeyEvent[] {
  const { user_id, key_id } = command.data;
  if (!questions.hasUser(user_id)) throw new Rejection('user_not_found');
  if (command.type === 'RevokeApiKey') {
    if (!self.get(user_id)?.some(({ id }) => id === key_id)) throw new Rejection('key_not_found');
    if (questions.actorId !== user_id) questions.requireNoStronger(user_id);
    return [{ type: 'ApiKeyRevoked', data: { user_id, key_id } }];
  }
  questions.requireRoom('keys', self.get(user_id)?.length ?? 0);
  questions.requireNoStronger(user_id);
  const { name, key_hash } = command.data;
  const issued_by = questions.actorId ?? null;
  const limited_by = othersOf(user_id, questions.senders);
  return [{ type: 'ApiKeyIssued', data: { user_id, key_id, name, key_hash, issued_by, limited_by } }];
}

/** The senders other than the owner, each once. */
function othersOf(owner: string, senders: readonly AccountUser[]): readonly AccountUser[] {
  const others = senders.filter(({ user_id }) => user_id !== owner);
  return [...new Map(others.map((other) => [other.user_id, other])).values()];
}

// Most keys share this one.
const noOthers: readonly AccountUser[] = [];

/** Applies an event in place. */
function evolve(self: ApiKeys, { type, data }: ApiKeyEvent): void {
  const { user_id, key_id } = data;
  const own = self.get(user_id) ?? [];
  if (type === 'ApiKeyIssued') {
    const limited_by = data.limited_by.length === 0 ? noOthers : data.limited_by;
    self.set(user_id, [...own, { id: key_id, limited_by }]);
    return;
  }
  const others = own.filter(({ id }) => id !== key_id);
  self.replace(user_id, others.length > 0 ? others : undefined);
}

export const apiKeys = aggregate<ApiKeyCommand, ApiKeyEvent>()({
  state: (journal) => ({ apiKeys: new JournaledMap<readonly ApiKey[]>(journal) }),
  commands: {
    IssueApiKey: {
      class: IssueApiKey,
      needs: 'user.manage',
      admit: ({ data }) => requireText(nameRule, 'name', data.name),
    },
    RevokeApiKey: { class: RevokeApiKey, needs: 'user.manage', admit: noTexts },
  },
  events: {
    ApiKeyIssued: {
      ...told('credential', 'made the API key {name} for {user}', {
        user_id: id,
        key_id: id,
        name: text,
        key_hash: text,
        issued_by: textOrNull,
        limited_by: list(record({ user_id: id, account: id })),
      }),
      version: 2,
      formerly: [{ user_id: id, key_id: id, name: text, key_hash: text }],
      secret: ['key_hash'],
    },
    ApiKeyRevoked: told('credential', 'revoked the API key {key} of {user}', { user_id: id, key_id: id }),
  },
  decide: (command, { apiKeys }, questions) => decide(command, apiKeys, questions),
  evolve: ({ apiKeys }, { event }) => evolve(apiKeys, event),
  follow: { UserDeleted: ({ apiKeys }, { user_id }) => apiKeys.delete(user_id) },
});
