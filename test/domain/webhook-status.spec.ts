import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { ChangeWebhook } from '../../src/domain/webhook.js';
import { evolve } from '../../src/domain/account-state.js';
import { DisableWebhook, PauseWebhook, ResumeWebhook, WarnWebhook } from '../../src/domain/webhook-status.js';
import { ACME, company, given, recorded, stateOf, system } from '../support/domain.js';
import { webhook } from '../support/webhooks.js';

const data = { webhook_id: 'w' };
const paused: DomainEvent = { type: 'WebhookPaused', data };
const resumed: DomainEvent = { type: 'WebhookResumed', data };
const disabled: DomainEvent = { type: 'WebhookDisabled', data: { ...data, reason: 'exhausted', after: 4 } };
const enabled: DomainEvent = { type: 'WebhookEnabled', data: { ...data, clients_gap: [] } };
const pause = new PauseWebhook(ACME, data, system);
const resume = new ResumeWebhook(ACME, data, system);
const disable = new DisableWebhook(ACME, { ...data, reason: 'exhausted', after: 4 }, system);
const setTo = (status: ChangeWebhook['data']['status']) =>
  new ChangeWebhook(ACME, { ...data, facts: {}, status }, system);
const activate = setTo({ to: 'active', clients_gap: [] });

describe('the status of a webhook', () => {
  it.each([
    ['is paused once', [], pause, [paused]],
    ['is paused once', [paused], pause, []],
    ['is resumed once', [paused], resume, [resumed]],
    ['is resumed once', [], resume, []],
    ['is disabled once', [], disable, [disabled]],
    ['is disabled once', [disabled], disable, []],
    ['is disabled when it was paused', [paused], disable, [disabled]],
    ['is enabled when it was disabled', [disabled], activate, [enabled]],
    ['is resumed by active when it was paused', [paused], activate, [resumed]],
    ['is left alone when it is active', [], activate, []],
  ] as const)('%s: %j', (_, history, command, events) =>
    given(company, webhook('w'), history)
      .when(command)
      .then(...events),
  );
  it.each([pause, resume])('a disabled one is not reached by $type', (command) =>
    given(company, webhook('w'), disabled).when(command).rejects('webhook_disabled'),
  );
  it('a caller disables it as well, with a reason of its own', () =>
    given(company, webhook('w'))
      .when(setTo({ to: 'disabled', after: 9 }))
      .then({ type: 'WebhookDisabled', data: { ...data, reason: 'manual', after: 9 } }));
  it.each([pause, resume, disable])('of one that is not there is not found: $type', (command) =>
    given(company).when(command).rejects('webhook_not_found'),
  );
  it('enabled, it says what was not sent: from after what was, to when it was enabled', () => {
    const state = stateOf(company, webhook('w'), disabled);
    const clients_gap = [{ client_id: 'globex', from: 2, to: 3 }];
    expect(state.webhooks.get('w')?.disabled_gap).toBeNull();
    evolve(state, {
      ...recorded({ type: 'WebhookEnabled', data: { ...data, clients_gap } }),
      revision: 12,
    });
    expect(state.webhooks.get('w')).toMatchObject({
      ...{ status: 'active', disabled_reason: null, since: 12 },
      disabled_gap: { from: 5, to: 12, clients: clients_gap },
    });
  });
});

describe('WarnWebhook', () => {
  const warning = { ...data, percent: 70, event_id: 'acme/9', attempts: 7, error: '500' } as const;
  const warn = new WarnWebhook(ACME, warning, system);

  it('is recorded, unless the webhook is disabled by now', () => {
    given(company, webhook('w')).when(warn).then({ type: 'WebhookWarned', data: warning });
    given(company, webhook('w'), disabled).when(warn).nothing();
    given(company).when(warn).rejects('webhook_not_found');
  });
});
