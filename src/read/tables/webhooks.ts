import type { Webhook } from '../../domain/webhook-record.js';
import { type WebhookEvent, webhookAfter } from '../../domain/webhook-events.js';
import { integer, text, versioned } from '../versioned.js';
import type { EventContext, Handlers, Writers } from './handlers.js';

/** `record` is a {@link Webhook} as JSON. `closed` is 1 once the client account is closed. */
export const webhooks = versioned('webhooks', {
  key: ['webhook'],
  columns: { webhook: integer, account: integer, closed: integer, record: text },
  by: [['account', 'webhook']],
});

export const webhookHandlers = ({ database, entities }: Writers) => {
  const rows = webhooks.in(database);
  const take = (event: WebhookEvent, at: EventContext) => {
    const key = { webhook: entities.declare(event.data.webhook_id, at.account) };
    const row = rows.get(key);
    const after = webhookAfter(row && webhookIn(row), event, at);
    if (after) rows.put(at, { ...key, account: at.account, closed: 0, record: JSON.stringify(after) });
    else rows.close(at, key);
  };
  return {
    WebhookCreated: (data, at) => take({ type: 'WebhookCreated', data }, at),
    WebhookChanged: (data, at) => take({ type: 'WebhookChanged', data }, at),
    WebhookDeleted: (data, at) => take({ type: 'WebhookDeleted', data }, at),
    WebhookSecretRotated: (data, at) => take({ type: 'WebhookSecretRotated', data }, at),
    WebhookSecretSealed: (data, at) => take({ type: 'WebhookSecretSealed', data }, at),
    WebhookPaused: (data, at) => take({ type: 'WebhookPaused', data }, at),
    WebhookResumed: (data, at) => take({ type: 'WebhookResumed', data }, at),
    WebhookWarned: () => undefined,
    WebhookDisabled: (data, at) => take({ type: 'WebhookDisabled', data }, at),
    WebhookEnabled: (data, at) => take({ type: 'WebhookEnabled', data }, at),
    ClientClosed: (_, at) => {
      for (const row of rows.closeAll(at, { account: at.account })) rows.open(at, { ...row, closed: 1 });
    },
  } satisfies Handlers;
};

/** The webhook of a row. */
export function webhookIn({ record }: { readonly record: string }): Webhook {
  return JSON.parse(record) as Webhook;
}
