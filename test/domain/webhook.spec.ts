import { describe, it } from '@jest/globals';
import { ChangeWebhook, CreateWebhook, DeleteWebhook } from '../../src/domain/webhook.js';
import type { WebhookFacts } from '../../src/domain/webhook-record.js';
import { defaultLimits } from '../../src/domain/limits.js';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { ACME, as, client, company, given, inRole, permitted, system, user } from '../support/domain.js';
import { webhook, webhookFacts } from '../support/webhooks.js';

const noHeaders = {};
const create = (
  facts: Partial<WebhookFacts> = {},
  sealed_headers = noHeaders,
  meta = system,
  account = ACME,
) =>
  new CreateWebhook(
    account,
    { webhook_id: 'w', facts: webhookFacts(facts), sealed_secret: 'sealed', sealed_headers },
    meta,
  );
const change = (
  facts: Partial<WebhookFacts>,
  headers?: Record<string, string | null>,
  meta = system,
  status?: ChangeWebhook['data']['status'],
) => new ChangeWebhook(ACME, { webhook_id: 'w', facts, headers, status }, meta);
/** The webhook `w` as it is from a change on. */
const changed = (
  facts: Partial<WebhookFacts>,
  header_names: string[] = [],
  sealed_headers: Record<string, string> = {},
): DomainEvent => ({
  type: 'WebhookChanged',
  data: { webhook_id: 'w', ...webhookFacts(facts), header_names, sealed_headers },
});
const bob = [user('bob'), permitted('bob', 'account.settings', 'audit.read')];

describe('CreateWebhook', () => {
  it('records what is sent where, who made it, and the names of its headers beside their sealed values', () =>
    given(company)
      .when(create({ description: 'Search' }, { Authorization: 'sealed value' }, as('ann')))
      .then(
        webhook('w', {
          ...{ description: 'Search', header_names: ['Authorization'], sealed_secret: 'sealed' },
          sealed_headers: { Authorization: 'sealed value' },
          created_by: { kind: 'user', id: 'ann', account: ACME },
        }),
      ));
  it.each([['account.settings'], ['audit.read', 'account.usage']])(
    'asks for account.settings and for the right to read the log: %s alone is not enough',
    (...held) =>
      given(company, user('bob'), permitted('bob', ...held))
        .when(create({}, {}, as('bob')))
        .rejects('access_denied'),
  );
  it.each(['audit.read', 'account.usage'])('account.settings and %s suffice', (reading) =>
    given(company, user('bob'), permitted('bob', 'account.settings', reading))
      .when(create({}, {}, as('bob')))
      .then(
        webhook('w', { sealed_secret: 'sealed', created_by: { kind: 'user', id: 'bob', account: ACME } }),
      ),
  );
  it('a batch is accepted as a whole, so it cannot go subject by subject', () =>
    given(company)
      .when(create({ batch: 2 }))
      .rejects('bad_request'));
  it.each(['account', 'none'] as const)('a batch goes with the order %s', (order) =>
    given(company)
      .when(create({ batch: 2, order }))
      .then(webhook('w', { batch: 2, order, sealed_secret: 'sealed' })),
  );
  it.each([
    ...['ftp://example.com/', 'example.com', '/in', 'https://', 'https://a b/', 'https://example.com/#x'],
    ...['https://u@example.com/', 'https://u:p@example.com/', 'https://:p@example.com/', ' https://a.com'],
    ...['https://example.com/é', `https://example.com/${'x'.repeat(2048)}`, 'javascript:alert(1)', ''],
  ])('the address %s is none', (url) => given(company).when(create({ url })).rejects('bad_request'));
  it.each([
    ...['host', 'Host', 'content-type', 'Content-Length', 'webhook-id', 'Webhook-X', 'muster-revision'],
    ...['connection', 'transfer-encoding', 'Upgrade', 'proxy-authorization', 'a b', 'a:b', 'é', ''],
  ])('the header %j is not a webhook’s own to set', (name) =>
    given(company)
      .when(create({}, { [name]: 'sealed' }))
      .rejects('bad_request'),
  );
  it('the name of a header stands once, upper and lower case aside', () =>
    given(company)
      .when(create({}, { 'X-A': '1', 'x-a': '2' }))
      .rejects('bad_request'));
  it('a description keeps the rules of free texts', () =>
    given(company)
      .when(create({ description: 'a\u0000b' }))
      .rejects('bad_request'));
  it('an account has so many webhooks at most', () =>
    given(
      company,
      Array.from({ length: defaultLimits.webhooks }, (_, index) => webhook(`w${index}`)),
    )
      .when(create())
      .rejects('quota_exceeded'));
});

describe('include_clients', () => {
  it('is for those who reach every client: admins', () => {
    given(company)
      .when(create({ include_clients: true }, {}, as('ann')))
      .then(
        webhook('w', {
          ...{ include_clients: true, sealed_secret: 'sealed' },
          created_by: { kind: 'user', id: 'ann', account: ACME },
        }),
      );
    given(company, bob)
      .when(create({ include_clients: true }, {}, as('bob')))
      .rejects('access_denied');
    given(company, bob, webhook('w'))
      .when(change({ include_clients: true }, undefined, as('bob')))
      .rejects('access_denied');
  });
  it('nobody else turns such a webhook to another address, or narrows it first', () => {
    const wide = [company, bob, webhook('w', { include_clients: true })];
    given(...wide)
      .when(change({ url: 'https://evil.example.com/' }, undefined, as('bob')))
      .rejects('access_denied');
    given(...wide)
      .when(change({ include_clients: false }, undefined, as('bob')))
      .rejects('access_denied');
    given(...wide)
      .when(change({ include_clients: true }, undefined, as('bob')))
      .nothing();
    given(...wide)
      .when(change({ url: 'https://other.example.com/' }, undefined, as('ann')))
      .then(changed({ url: 'https://other.example.com/', include_clients: true }));
  });
  it('means nothing in a client account', () =>
    given(client(), user('cem'), inRole('cem', adminRole.id))
      .when(create({ include_clients: true }, {}, as('cem', 'globex'), 'globex'))
      .rejects('access_denied'));
});

describe('ChangeWebhook', () => {
  const headers = {
    header_names: ['Authorization', 'X-A'],
    sealed_headers: { Authorization: 'one', 'X-A': 'two' },
  };

  it('records what there is from then on', () =>
    given(company, webhook('w', { description: 'Search' }))
      .when(change({ description: 'Search', payload: 'thin', event_types: ['*'], filter: {} }))
      .then(changed({ description: 'Search', payload: 'thin' })));
  it('records nothing when nothing changes', () => {
    given(company, webhook('w')).when(change({})).nothing();
    given(company, webhook('w')).when(change(webhookFacts())).nothing();
    given(company, webhook('w', headers))
      .when(change({}, { 'X-A': null, Authorization: null }))
      .nothing();
  });
  it('keeps the value of a header that is sent as null, gives another a new one, and leaves out the rest', () =>
    given(company, webhook('w', headers))
      .when(change({}, { 'X-A': null, 'X-B': 'three' }))
      .then(changed({}, ['X-A', 'X-B'], { 'X-B': 'three' })));
  it('keeps the value when only the spelling of the name is another', () =>
    given(company, webhook('w', headers))
      .when(change({}, { authorization: null, 'X-A': null }))
      .then(changed({}, ['authorization', 'X-A'], { authorization: 'one' })));
  it('cannot keep the value of a header that is not there', () =>
    given(company, webhook('w', headers))
      .when(change({}, { 'X-C': null }))
      .rejects('bad_request', 'There is no header X-C whose value *** could keep'));
  it('refuses a batch by subject, whichever of the two comes first', () => {
    given(company, webhook('w', { batch: 5, order: 'none' }))
      .when(change({ order: 'subject' }))
      .rejects('bad_request');
    given(company, webhook('w'))
      .when(change({ batch: 5 }))
      .rejects('bad_request');
    given(company, webhook('w'))
      .when(change({ batch: 5, order: 'account' }))
      .then(changed({ batch: 5, order: 'account' }));
  });
  it('is one change with what is disabled or enabled beside it', () =>
    given(company, webhook('w'))
      .when(change({ payload: 'thin' }, undefined, system, { to: 'disabled', after: 7 }))
      .then(changed({ payload: 'thin' }), {
        type: 'WebhookDisabled',
        data: { webhook_id: 'w', reason: 'manual', after: 7 },
      }));
  it.each([change({}), new DeleteWebhook(ACME, { webhook_id: 'w' }, system)])(
    'a webhook that is not there, or no longer, is not found: $type',
    (command) => {
      given(company).when(command).rejects('webhook_not_found');
      given(company, webhook('w'), { type: 'WebhookDeleted', data: { webhook_id: 'w' } })
        .when(command)
        .rejects('webhook_not_found');
    },
  );
});
