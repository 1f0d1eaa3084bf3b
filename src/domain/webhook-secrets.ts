import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { JournaledMap } from './journaled-map.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { id, list, moment, text } from './shape.js';
import { sealedHeaders } from './webhook-fields.js';
import {
  type WebhookEvent,
  type WebhookSecretRotated,
  type WebhookSecretSealed,
  evolveWebhook,
} from './webhook-events.js';
import { foundWebhook, requireWide } from './webhook.js';
import type { SealedHeaders, Webhook } from './webhook-record.js';
import { MOST_SECRETS } from './webhook-rules.js';

/** Signs with a new secret from now on, and with those there are until a time. Times are ISO 8601 in UTC with milliseconds. */
export class RotateWebhookSecret extends AccountCommand<{
  readonly webhook_id: string;
  readonly sealed_secret: string;
  readonly former_until: string;
  readonly now: string;
}> {
  readonly type = 'RotateWebhookSecret';
}

/** Seals anew what was sealed with a former secret of the service. `resealed` has the new text of each former one. */
export class ResealWebhook extends AccountCommand<{
  readonly webhook_id: string;
  readonly resealed: Readonly<Record<string, string>>;
}> {
  readonly type = 'ResealWebhook';
}

type SecretCommand = RotateWebhookSecret | ResealWebhook;
type Recorded = WebhookSecretRotated | WebhookSecretSealed;

/** @throws Rejection webhook_not_found, access_denied, quota_exceeded */
function decide(command: SecretCommand, self: JournaledMap<Webhook>, questions: Questions): WebhookEvent[] {
  const { webhook_id } = command.data;
  const webhook = foundWebhook(self, webhook_id);
  if (command.type === 'ResealWebhook') return resealing(webhook, command.data.resealed);
  requireWide(webhook, questions);
  const { now, former_until, sealed_secret } = command.data;
  const signing = webhook.secrets.filter(({ until }) => until === null || until > now);
  if (signing.length >= MOST_SECRETS)
    throw new Rejection(
      'quota_exceeded',
      `${MOST_SECRETS} secrets of this webhook sign at present; the next one of them ends at ${String(signing[0]?.until)}`,
    );
  return [{ type: 'WebhookSecretRotated', data: { webhook_id, former_until, sealed_secret } }];
}

function resealing(
  { id: webhook_id, secrets, sealed_headers }: Webhook,
  resealed: Readonly<Record<string, string>>,
): WebhookEvent[] {
  const anew = (sealed: string) => resealed[sealed] ?? sealed;
  const all: SealedHeaders = Object.fromEntries(
    Object.entries(sealed_headers).map(([name, sealed]) => [name, anew(sealed)]),
  );
  const texts = [...secrets.map(({ sealed }) => sealed), ...Object.values(sealed_headers)];
  if (texts.every((sealed) => anew(sealed) === sealed)) return [];
  const sealed_secrets = secrets.map(({ sealed }) => anew(sealed));
  return [{ type: 'WebhookSecretSealed', data: { webhook_id, sealed_secrets, sealed_headers: all } }];
}

export const webhookSecrets = aggregate<
  SecretCommand,
  Recorded,
  { readonly webhooks: JournaledMap<Webhook> }
>()({
  state: () => ({}),
  commands: {
    RotateWebhookSecret: { class: RotateWebhookSecret, needs: 'webhooks', admit: noTexts },
    ResealWebhook: { class: ResealWebhook, needs: 'service', admit: noTexts },
  },
  events: {
    WebhookSecretRotated: {
      ...told('credential', 'made a new secret for the webhook {webhook}', {
        ...{ webhook_id: id, former_until: moment, sealed_secret: text },
      }),
      secret: ['sealed_secret'],
    },
    WebhookSecretSealed: {
      ...told('credential', 'sealed the secrets of the webhook {webhook} anew', {
        ...{ webhook_id: id, sealed_secrets: list(text), sealed_headers: sealedHeaders },
      }),
      secret: ['sealed_secrets', 'sealed_headers'],
    },
  },
  decide: (command, { webhooks }, questions) => decide(command, webhooks, questions),
  evolve: evolveWebhook,
});
