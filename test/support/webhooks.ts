import type { DomainEvent } from '../../src/domain/aggregates.js';
import type { WebhookCreated } from '../../src/domain/webhook-events.js';
import type { WebhookFacts } from '../../src/domain/webhook-record.js';

/** What is recorded of a webhook that is made with an address alone. */
export function webhookFacts(more: Partial<WebhookFacts> = {}): WebhookFacts {
  return {
    ...{ url: 'https://hooks.example.com/in', event_types: ['*'], filter: {}, description: '' },
    ...{ payload: 'full', order: 'subject', on_exhausted: 'disable', max_per_second: null },
    ...{ verify_hours: null, profile: 'cloudevents', batch: 1 },
    ...{ include_attempts: false, include_clients: false },
    ...more,
  };
}

/** A webhook that the service itself has made. */
export function webhook(webhook_id: string, more: Partial<WebhookCreated['data']> = {}): DomainEvent {
  const made = { header_names: [], created_by: { kind: 'system', id: null, account: null } } as const;
  const sealed = { sealed_secret: `secret of ${webhook_id}`, sealed_headers: {} };
  return { type: 'WebhookCreated', data: { webhook_id, ...webhookFacts(), ...made, ...sealed, ...more } };
}
