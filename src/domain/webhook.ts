import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { requireAllClients } from './all-clients.js';
import { type Actor, AccountCommand } from './command.js';
import { JournaledMap } from './journaled-map.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { id, list, text } from './shape.js';
import {
  type WebhookChanged,
  type WebhookCreated,
  type WebhookDeleted,
  type WebhookEvent,
  evolveWebhook,
} from './webhook-events.js';
import { type SealedHeaders, type Webhook, type WebhookFacts, type WebhookMaker } from './webhook-record.js';
import { requireConsistent, requireHeaderNames, requireWebhookTexts } from './webhook-rules.js';
import { changesOf, type WantedChanges } from './webhook-changes.js';
import { factFields, makerField, sealedHeaders } from './webhook-fields.js';
import { disabling, enabling, type StatusChange } from './webhook-status.js';

/** Sends what happens in the account elsewhere. Secret and values of headers are sealed already. */
export class CreateWebhook extends AccountCommand<{
  readonly webhook_id: string;
  readonly facts: WebhookFacts;
  readonly sealed_secret: string;
  readonly sealed_headers: SealedHeaders;
}> {
  readonly type = 'CreateWebhook';
}

/** Changes what is sent where, and disables or enables it. */
export class ChangeWebhook extends AccountCommand<
  WantedChanges & { readonly webhook_id: string; readonly status?: StatusChange | undefined }
> {
  readonly type = 'ChangeWebhook';
}

export class DeleteWebhook extends AccountCommand<{ readonly webhook_id: string }> {
  readonly type = 'DeleteWebhook';
}

type WebhookCommand = CreateWebhook | ChangeWebhook | DeleteWebhook;
type Recorded = WebhookCreated | WebhookChanged | WebhookDeleted;

/** The webhooks of the account by id. */
export type Webhooks = JournaledMap<Webhook>;

/** @throws Rejection webhook_not_found */
export function foundWebhook(self: Webhooks, id: string): Webhook {
  const webhook = self.get(id);
  if (!webhook) throw new Rejection('webhook_not_found');
  return webhook;
}

/**
 * Events of clients that are opened later are sent as well: only whoever reaches every client may decide that.
 * @throws Rejection access_denied
 */
export function requireWide({ include_clients }: WebhookFacts, questions: Questions): void {
  if (include_clients) requireAllClients(questions);
}

/** @throws Rejection webhook_not_found, bad_request, access_denied, quota_exceeded */
function decide(command: WebhookCommand, self: Webhooks, questions: Questions): WebhookEvent[] {
  const { webhook_id } = command.data;
  switch (command.type) {
    case 'CreateWebhook': {
      const { facts, sealed_secret, sealed_headers } = command.data;
      requireConsistent(facts);
      requireWide(facts, questions);
      questions.requireRoom('webhooks', self.size);
      const created_by = makerOf(command.meta.actor);
      const named = { header_names: Object.keys(sealed_headers), created_by };
      const sealed = { sealed_secret, sealed_headers };
      return [{ type: 'WebhookCreated', data: { webhook_id, ...facts, ...named, ...sealed } }];
    }
    case 'ChangeWebhook': {
      const before = foundWebhook(self, webhook_id);
      const { status } = command.data;
      const changes = changesOf(command.data, before);
      const events: WebhookEvent[] = [
        ...(changes ? [{ type: 'WebhookChanged', data: changes } as const] : []),
        ...(status?.to === 'active' ? enabling(before, status) : []),
        ...(status?.to === 'disabled' ? disabling(before, 'manual', status.after) : []),
      ];
      if (events.length === 0) return events;
      const after = { ...before, ...changes };
      requireConsistent(after);
      if (before.include_clients || after.include_clients)
        requireWide({ ...after, include_clients: true }, questions);
      return events;
    }
    case 'DeleteWebhook':
      foundWebhook(self, webhook_id);
      return [{ type: 'WebhookDeleted', data: { webhook_id } }];
  }
}

function makerOf(actor: Actor): WebhookMaker {
  if (actor.kind !== 'user') return { kind: actor.kind, id: null, account: null };
  return { kind: 'user', id: actor.id, account: actor.account };
}

export const webhooks = aggregate<WebhookCommand, Recorded>()({
  state: (journal) => ({ webhooks: new JournaledMap<Webhook>(journal) }),
  commands: {
    CreateWebhook: {
      ...({ class: CreateWebhook, needs: 'webhooks' } as const),
      admit: ({ data: { facts, sealed_headers } }) => {
        requireWebhookTexts(facts);
        requireHeaderNames(Object.keys(sealed_headers));
      },
    },
    ChangeWebhook: {
      ...({ class: ChangeWebhook, needs: 'webhooks' } as const),
      admit: ({ data: { webhook_id, facts, headers = {} } }, { webhooks }) => {
        requireWebhookTexts(facts, webhooks.get(webhook_id));
        requireHeaderNames(Object.keys(headers));
      },
    },
    DeleteWebhook: { class: DeleteWebhook, needs: 'webhooks', admit: noTexts },
  },
  events: {
    WebhookCreated: {
      ...told('settings', 'made the webhook {webhook}', {
        ...{ webhook_id: id, ...factFields, header_names: list(text), created_by: makerField },
        ...{ sealed_secret: text, sealed_headers: sealedHeaders },
      }),
      secret: ['sealed_secret', 'sealed_headers'],
    },
    WebhookChanged: {
      ...told('settings', 'changed the webhook {webhook}', {
        ...{ webhook_id: id, ...factFields, header_names: list(text), sealed_headers: sealedHeaders },
      }),
      secret: ['sealed_headers'],
    },
    WebhookDeleted: told('settings', 'deleted the webhook {webhook}', { webhook_id: id }),
  },
  decide: (command, { webhooks }, questions) => decide(command, webhooks, questions),
  evolve: evolveWebhook,
});
