import fc from 'fast-check';
import type { Command, DomainEvent } from '../../src/domain/aggregates.js';
import type { CommandMeta } from '../../src/domain/command.js';
import { ChangeWebhook, CreateWebhook, DeleteWebhook } from '../../src/domain/webhook.js';
import { ResealWebhook, RotateWebhookSecret } from '../../src/domain/webhook-secrets.js';
import { DisableWebhook, PauseWebhook, ResumeWebhook, WarnWebhook } from '../../src/domain/webhook-status.js';
import { ACME, system } from '../support/domain.js';
import { webhookFacts } from '../support/webhooks.js';

type Draft = (count: (type: DomainEvent['type']) => number) => Command;

const hook = fc.constantFrom('w0', 'w0', 'w1').map((webhook_id) => ({ webhook_id }));
const description = fc.constantFrom('one', 'two');
const times = { now: '2026-01-31T10:00:00.000Z', former_until: '2026-02-01T10:00:00.000Z' };
const status = fc.constantFrom(
  ...[undefined, { to: 'active', clients_gap: [] } as const, { to: 'disabled', after: 0 } as const],
);

/** Commands about webhooks. `meta` sends most of the ones that users may send. */
export function ofWebhooks(meta: fc.Arbitrary<CommandMeta>): fc.Arbitrary<Draft>[] {
  const sent = <Data>(data: fc.Arbitrary<Data>, make: (data: Data, by: CommandMeta) => Command) =>
    fc.tuple(data, meta).map(
      ([value, by]): Draft =>
        () =>
          make(value, by),
    );
  return [
    fc.tuple(description, meta).map(([text, by]): Draft => (count) => {
      const webhook_id = `w${count('WebhookCreated')}`;
      const sealed = { sealed_secret: `of ${webhook_id}`, sealed_headers: { 'X-A': 'a' } };
      return new CreateWebhook(
        ACME,
        { webhook_id, facts: webhookFacts({ description: text }), ...sealed },
        by,
      );
    }),
    sent(fc.tuple(hook, description, status), ([id, text, to], by) => {
      return new ChangeWebhook(ACME, { ...id, facts: { description: text }, status: to }, by);
    }),
    sent(hook, (id, by) => new DeleteWebhook(ACME, id, by)),
    sent(hook, (id, by) => new PauseWebhook(ACME, id, by)),
    sent(hook, (id, by) => new ResumeWebhook(ACME, id, by)),
    sent(hook, (id, by) => new RotateWebhookSecret(ACME, { ...id, sealed_secret: 'anew', ...times }, by)),
    sent(hook, (id) => new ResealWebhook(ACME, { ...id, resealed: { anew: 'sealed anew' } }, system)),
    sent(hook, (id) => new DisableWebhook(ACME, { ...id, reason: 'gone', after: 0 }, system)),
    sent(hook, (id) => {
      const data = { ...id, percent: 50, event_id: 'acme/1', attempts: 5, error: 'status_500' } as const;
      return new WarnWebhook(ACME, data, system);
    }),
  ];
}
