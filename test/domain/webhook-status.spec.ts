import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { ChangeWebhook } from '../../src/domain/webhook.js';
import { evolve } from '../../src/domain/account-state.js';
import { ClaimMail } from '../../src/domain/mail.js';
import { DisableWebhook, PauseWebhook, ResumeWebhook, WarnWebhook } from '../../src/domain/webhook-status.js';
import {
  ACME,
  company,
  contact,
  given,
  mailClaimed,
  recorded,
  stateOf,
  system,
  user,
} from '../support/domain.js';
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

describe('a mail to the technical contact', () => {
  const host = 'hooks.example.com';
  const about = { webhook_id: 'w', host, percent: 50, cause: 'ECONNREFUSED' } as const;
  const warned = { ...data, percent: 50, event_id: 'acme/9', attempts: 5, error: 'ECONNREFUSED' } as const;
  const warn = (mail_id: string | undefined = 'm1') => new WarnWebhook(ACME, { ...warned, mail_id }, system);
  const off = new DisableWebhook(ACME, { ...data, reason: 'gone', after: 4, mail_id: 'm1' }, system);
  const asked = (mail_id = 'm1'): DomainEvent => ({
    type: 'MailRequested',
    data: { user_id: 'ann', mail_id, kind: 'webhook_warned', about },
  });
  const scene = [...company, user('ann'), contact('technical_contact', 'ann'), webhook('w')];
  const warning: DomainEvent = { type: 'WebhookWarned', data: warned };

  it('goes with a warning, and with the switching off', () => {
    given(scene).when(warn()).then(warning, asked());
    given(scene)
      .when(off)
      .then(
        { type: 'WebhookDisabled', data: { ...data, reason: 'gone', after: 4 } },
        {
          type: 'MailRequested',
          data: {
            ...{ user_id: 'ann', mail_id: 'm1', kind: 'webhook_disabled' },
            about: { ...about, percent: null, cause: 'gone' },
          },
        },
      );
  });
  it('is not asked for where nobody is to be told, or nothing is decided', () => {
    given(company, webhook('w')).when(warn()).then(warning);
    given(scene)
      .when(new WarnWebhook(ACME, warned, system))
      .then(warning);
    given(scene, disabled).when(off).nothing();
  });
  it('is one about a webhook at a time, and replaces one that was put off', () => {
    given(scene, asked()).when(warn('m2')).then(warning);
    const claimed = mailClaimed('ann', 'm1', '2026-01-31T12:15:00.000Z');
    const putOff: DomainEvent = {
      type: 'MailDeferred',
      data: { user_id: 'ann', mail_id: 'm1', until: '2026-01-31T13:00:00.000Z', reason: '451' },
    };
    const ended: DomainEvent = {
      type: 'MailGivenUp',
      data: { user_id: 'ann', mail_id: 'm1', reason: 'asked_again' },
    };
    given(scene, asked(), claimed, putOff).when(warn('m2')).then(warning, ended, asked('m2'));
  });
  it('does not hold up that about another webhook', () => {
    const other = new WarnWebhook(ACME, { ...warned, webhook_id: 'v', mail_id: 'm2' }, system);
    given(scene, webhook('v'), asked())
      .when(other)
      .then(
        { type: 'WebhookWarned', data: { ...warned, webhook_id: 'v' } },
        {
          type: 'MailRequested',
          data: {
            ...{ user_id: 'ann', mail_id: 'm2', kind: 'webhook_warned' },
            about: { ...about, webhook_id: 'v' },
          },
        },
      );
  });
  it('is sent without a password token', () => {
    const until = '2026-01-31T12:15:00.000Z';
    const claim = { user_id: 'ann', mail_id: 'm1', until, now: '2026-01-31T12:00:00.000Z' };
    const token = { token_hash: 'h', expires: until };
    for (const more of [{}, token])
      given(scene, asked())
        .when(new ClaimMail(ACME, { ...claim, ...more }, system))
        .then(mailClaimed('ann', 'm1', until));
  });
});
