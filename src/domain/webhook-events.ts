import type { Event, EventRecord } from './event.js';
import type { JournaledMap } from './journaled-map.js';
import {
  type DisabledReason,
  type SealedHeaders,
  type Webhook,
  type WebhookFacts,
  type ClientGap,
  type WebhookMaker,
} from './webhook-record.js';

/** As an event's data are: with no more fields than these. */
type Plain<Facts> = { readonly [Name in keyof Facts]: Facts[Name] };

/** `sealed_secret` and `sealed_headers` are sealed with the service's own secret. */
export type WebhookCreated = Event<
  'WebhookCreated',
  Plain<WebhookFacts> & {
    readonly webhook_id: string;
    readonly header_names: readonly string[];
    readonly created_by: WebhookMaker;
    readonly sealed_secret: string;
    readonly sealed_headers: SealedHeaders;
  }
>;
/** The webhook as it is from then on. `sealed_headers` are the values that are new; other headers keep theirs. */
export type WebhookChanged = Event<
  'WebhookChanged',
  Plain<WebhookFacts> & {
    readonly webhook_id: string;
    readonly header_names: readonly string[];
    readonly sealed_headers: SealedHeaders;
  }
>;
export type WebhookDeleted = Event<'WebhookDeleted', { webhook_id: string }>;
/** The secrets there are sign until `former_until` as well, unless their end is nearer already. */
export type WebhookSecretRotated = Event<
  'WebhookSecretRotated',
  { webhook_id: string; former_until: string; sealed_secret: string }
>;
/** The same secrets, sealed with another secret of the service. */
export type WebhookSecretSealed = Event<
  'WebhookSecretSealed',
  { webhook_id: string; sealed_secrets: readonly string[]; sealed_headers: SealedHeaders }
>;
export type WebhookPaused = Event<'WebhookPaused', { webhook_id: string }>;
export type WebhookResumed = Event<'WebhookResumed', { webhook_id: string }>;
/** `event_id` is that of the event that is not accepted, `percent` how much of the schedule of attempts is over. */
export type WebhookWarned = Event<
  'WebhookWarned',
  { webhook_id: string; percent: 50 | 70 | 90; event_id: string; attempts: number; error: string }
>;
/** Up to the revision `after`, everything was sent or given up. */
export type WebhookDisabled = Event<
  'WebhookDisabled',
  { webhook_id: string; reason: DisabledReason; after: number }
>;
/** What follows is sent. `clients_gap` is what was not sent of the clients, where they are included. */
export type WebhookEnabled = Event<
  'WebhookEnabled',
  { webhook_id: string; clients_gap: readonly ClientGap[] }
>;

export type WebhookEvent =
  | (WebhookCreated | WebhookChanged | WebhookDeleted | WebhookSecretRotated | WebhookSecretSealed)
  | (WebhookPaused | WebhookResumed | WebhookWarned | WebhookDisabled | WebhookEnabled);

/** When and where an event happened, as far as a webhook shows it. */
export interface WebhookMoment {
  readonly revision: number;
  /** ISO 8601 in UTC with milliseconds. */
  readonly time: string;
}

/** A webhook after one of its events; undefined once it is deleted. The fold and the views share it. */
export function webhookAfter(
  before: Webhook | undefined,
  event: WebhookEvent,
  { revision, time }: WebhookMoment,
): Webhook | undefined {
  if (event.type === 'WebhookCreated') return created(event.data, revision, time);
  if (!before) throw new Error(`${event.type} for a webhook that is not there`);
  switch (event.type) {
    case 'WebhookChanged':
      return changed(before, event.data);
    case 'WebhookDeleted':
      return undefined;
    case 'WebhookSecretRotated': {
      const { former_until, sealed_secret } = event.data;
      const former = before.secrets
        .filter(({ until }) => until === null || until > time)
        .map(({ sealed, until }) => ({ sealed, until: until ?? former_until }));
      return { ...before, secrets: [...former, { sealed: sealed_secret, until: null }] };
    }
    case 'WebhookSecretSealed': {
      const { sealed_secrets, sealed_headers } = event.data;
      const secrets = before.secrets.map(({ sealed, until }, index) => ({
        ...{ sealed: sealed_secrets[index] ?? sealed, until },
      }));
      return { ...before, secrets, sealed_headers };
    }
    case 'WebhookPaused':
      return { ...before, status: 'paused' };
    case 'WebhookResumed':
      return { ...before, status: 'active' };
    case 'WebhookWarned':
      return before;
    case 'WebhookDisabled': {
      const { reason, after } = event.data;
      return { ...before, status: 'disabled', disabled_reason: reason, after, disabled_gap: null };
    }
    case 'WebhookEnabled': {
      const { clients_gap: clients } = event.data;
      const disabled_gap = { from: before.after + 1, to: revision, clients };
      return { ...before, status: 'active', disabled_reason: null, since: revision, disabled_gap };
    }
  }
}

function created(data: WebhookCreated['data'], revision: number, time: string): Webhook {
  const { webhook_id: id, sealed_secret, ...rest } = data;
  return {
    ...{ ...rest, id, secrets: [{ sealed: sealed_secret, until: null }], created: time },
    ...{ status: 'active', disabled_reason: null, after: revision, since: revision, disabled_gap: null },
  };
}

function changed(before: Webhook, data: WebhookChanged['data']): Webhook {
  const { webhook_id: id, sealed_headers, ...rest } = data;
  const known = { ...before.sealed_headers, ...sealed_headers };
  const values = rest.header_names.map((name) => [name, known[name] ?? ''] as const);
  return { ...before, ...rest, id, sealed_headers: Object.fromEntries(values) };
}

/** Applies an event in place. */
export function evolveWebhook(
  { webhooks }: { readonly webhooks: JournaledMap<Webhook> },
  { event, revision, metadata: { time } }: EventRecord<WebhookEvent>,
): void {
  const { webhook_id } = event.data;
  webhooks.replace(webhook_id, webhookAfter(webhooks.get(webhook_id), event, { revision, time }));
}
