import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { ResealWebhook, RotateWebhookSecret } from '../../src/domain/webhook-secrets.js';
import { MOST_SECRETS } from '../../src/domain/webhook-rules.js';
import { ACME, as, company, given, permitted, recorded, stateOf, system, user } from '../support/domain.js';
import { webhook } from '../support/webhooks.js';

const data = { webhook_id: 'w' };
/** The time of every event of the tests. */
const { time } = recorded(webhook('w')).metadata;
const later = '2024-05-02T12:00:00.000Z';
const rotated = (sealed_secret: string, former_until = later): DomainEvent => ({
  type: 'WebhookSecretRotated',
  data: { ...data, former_until, sealed_secret },
});
const rotate = (sealed_secret: string, now = time, meta = system) =>
  new RotateWebhookSecret(ACME, { ...data, sealed_secret, former_until: later, now }, meta);
const secretsOf = (...history: DomainEvent[]) =>
  stateOf(company, webhook('w'), history).webhooks.get('w')?.secrets;

describe('RotateWebhookSecret', () => {
  it('adds a secret; those there are end at a time', () => {
    given(company, webhook('w')).when(rotate('new')).then(rotated('new'));
    expect(secretsOf(rotated('new'))).toEqual([
      { sealed: 'secret of w', until: later },
      { sealed: 'new', until: null },
    ]);
  });
  it('leaves out what has ended, and the nearer end as it is', () =>
    expect(secretsOf(rotated('b', time), rotated('c'), rotated('d', '2024-05-03T12:00:00.000Z'))).toEqual([
      { sealed: 'b', until: later },
      { sealed: 'c', until: '2024-05-03T12:00:00.000Z' },
      { sealed: 'd', until: null },
    ]));
  it('lets so many sign at once, and goes on when the oldest have ended', () => {
    const many = Array.from({ length: MOST_SECRETS - 1 }, (_, index) => rotated(`s${index}`));
    given(company, webhook('w'), many).when(rotate('x')).rejects('quota_exceeded');
    given(company, webhook('w'), many).when(rotate('x', later)).then(rotated('x'));
  });
  it('is for admins alone where the events of clients are sent: the secret is shown to the caller', () =>
    given(
      company,
      [user('bob'), permitted('bob', 'account.settings', 'audit.read')],
      webhook('w', { include_clients: true }),
    )
      .when(rotate('x', time, as('bob')))
      .rejects('access_denied'));
  it('does not find what is not there', () => given(company).when(rotate('x')).rejects('webhook_not_found'));
});

describe('ResealWebhook', () => {
  const made = webhook('w', { header_names: ['A'], sealed_headers: { A: 'value' } });
  const reseal = (resealed: Record<string, string>) => new ResealWebhook(ACME, { ...data, resealed }, system);

  it('replaces what is still there by what it was sealed as anew, in its place', () =>
    given(company, made, rotated('new'))
      .when(reseal({ 'secret of w': 'one', value: 'two', gone: 'three' }))
      .then({
        type: 'WebhookSecretSealed',
        data: { ...data, sealed_secrets: ['one', 'new'], sealed_headers: { A: 'two' } },
      }));
  it('changes nothing else of them', () => {
    const sealed = { ...data, sealed_secrets: ['one', 'two'], sealed_headers: {} };
    expect(secretsOf(rotated('new'), { type: 'WebhookSecretSealed', data: sealed })).toEqual([
      { sealed: 'one', until: later },
      { sealed: 'two', until: null },
    ]);
  });
  it('records nothing when it meets nothing of that', () => {
    given(company, made).when(reseal({})).nothing();
    given(company, made)
      .when(reseal({ gone: 'x' }))
      .nothing();
  });
});
