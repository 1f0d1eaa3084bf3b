import { describe, expect, it } from '@jest/globals';
import { type ClientStatus, clientStatuses } from '../../src/domain/client-status.js';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { CloseClient, isShut, UpdateClient } from '../../src/domain/client.js';
import { EnableClientDirectBilling, ExtendClientTrial } from '../../src/domain/client-billing.js';
import { SetClientResources } from '../../src/domain/client-resources.js';
import { client, company, given, stateOf, system, user } from '../support/domain.js';

const update = (data: UpdateClient['data']) => new UpdateClient('globex', data, system);
const become = (status: ClientStatus) => update({ status });
const changed = (status: ClientStatus): DomainEvent => ({ type: 'ClientStatusChanged', data: { status } });
const seats = (number: number): DomainEvent => ({ type: 'ClientSeatsChanged', data: { seats: number } });
const opened = (status: ClientStatus) => client(-1, { status });

describe('UpdateClient', () => {
  const facts = {
    ...({ name: 'Initech', description: 'Second try', status: 'disabled', seats: 3 } as const),
    ...{ external_id: 'crm-2', custom_theme: 'dark' },
  };

  it('T408: records each fact that changes as an event of its own', () =>
    given(client())
      .when(update(facts))
      .then(
        { type: 'AccountRenamed', data: { name: 'Initech' } },
        { type: 'ClientDescriptionChanged', data: { description: 'Second try' } },
        changed('disabled'),
        seats(3),
        { type: 'ClientExternalIdChanged', data: { external_id: 'crm-2' } },
        { type: 'ClientThemeChanged', data: { custom_theme: 'dark' } },
      ));
  it('T408: leaves what is absent', () =>
    given(client(2, { external_id: 'crm-1' }))
      .when(update({ description: 'New' }))
      .then({ type: 'ClientDescriptionChanged', data: { description: 'New' } }));
  it('changes nothing when nothing is said, or what holds already', () => {
    given(client()).when(update({})).nothing();
    given(client(3, facts)).when(update(facts)).nothing();
  });
  it('clears the external id and the theme', () =>
    given(client(-1, facts))
      .when(update({ external_id: null, custom_theme: null }))
      .then(
        { type: 'ClientExternalIdChanged', data: { external_id: null } },
        { type: 'ClientThemeChanged', data: { custom_theme: null } },
      ));
  it('knows what was changed before', () =>
    given(client(), seats(3), changed('disabled'), {
      type: 'ClientThemeChanged',
      data: { custom_theme: 'dark' },
    })
      .when(update({ seats: 3, status: 'disabled', custom_theme: 'dark', external_id: null }))
      .nothing());
  it('T225: may leave fewer seats than there are users', () =>
    given(client(3), user('cem'), user('dan'))
      .when(update({ seats: 1 }))
      .then(seats(1)));
  it('is refused for a company, which is no client', () => {
    const command = new UpdateClient('acme', { seats: 3 }, system);
    given(company).when(command).rejects('client_not_found');
  });
  it('is refused where no account was opened', () => given().when(update({})).rejects('client_not_found'));
});

describe('The status of a client', () => {
  const never: readonly ClientStatus[] = ['setup', 'trial', 'disabled'];
  const reachable = clientStatuses.flatMap((from) =>
    clientStatuses
      .filter((to) => to !== from && (from !== 'active' || to === 'disabled'))
      .map((to) => ({ from, to })),
  );

  it.each(reachable)('T408: goes from $from to $to', ({ from, to }) =>
    given(opened(from)).when(become(to)).then(changed(to)),
  );
  it.each(clientStatuses)('T408: that is %s already gives no event', (status) =>
    given(opened(status)).when(become(status)).nothing(),
  );
  it.each(['setup', 'trial'] as const)('T408: once active it does not go to %s', (to) => {
    given(opened('active')).when(become(to)).rejects('client_status_transition');
    for (const from of never)
      given(opened(from), changed('active')).when(become(to)).rejects('client_status_transition');
  });
  it.each(['setup', 'trial'] as const)('T408: nor to %s by way of disabled', (to) => {
    given(opened('active'), changed('disabled')).when(become(to)).rejects('client_status_transition');
    given(opened('trial'), changed('active'), changed('disabled'))
      .when(become(to))
      .rejects('client_status_transition');
  });
  it('T408: but back to active', () =>
    given(opened('active'), changed('disabled')).when(become('active')).then(changed('active')));
  it('X82: that cannot be reached refuses all that comes with it', () =>
    given(opened('active'))
      .when(update({ name: 'Initech', status: 'trial', seats: 3 }))
      .rejects('client_status_transition'));
  it.each(clientStatuses)('shuts its users out when it is disabled, here: %s', (status) => {
    const facts = stateOf(opened(status)).client.get('client');
    expect(facts && isShut(facts)).toBe(status === 'disabled');
  });
});

describe('SetClientResources', () => {
  const set = (resources: SetClientResources['data']['resources']) =>
    new SetClientResources('globex', { resources }, system);
  const recorded = (resources: object): DomainEvent => ({ type: 'ClientResourcesSet', data: { resources } });

  it('T408: records those that change, and seats as seats', () =>
    given(client())
      .when(set({ 'api.requests.perDay': 500, 'company.seats': 3, 'dashboard.combined.total': -1 }))
      .then(recorded({ 'api.requests.perDay': 500 }), seats(3)));
  it('T408: leaves those that are not named', () =>
    given(client(), recorded({ 'api.requests.perDay': 500, 'published.private.links': 0 }))
      .when(set({ 'published.private.links': 7 }))
      .then(recorded({ 'published.private.links': 7 })));
  it('changes nothing when all are so already', () => {
    const known = { 'api.requests.perDay': 500, 'published.private.links': 0 };
    given(client(3), recorded(known))
      .when(set({ ...known, 'company.seats': 3 }))
      .nothing();
    given(client())
      .when(set({ 'published.private.links': -1, 'company.seats': -1 }))
      .nothing();
    given(client()).when(set({})).nothing();
  });
  it('knows seats that were set as seats', () =>
    given(client(), seats(4))
      .when(set({ 'company.seats': 4 }))
      .nothing());
  it('is refused for a company', () =>
    given(company)
      .when(new SetClientResources('acme', { resources: {} }, system))
      .rejects('client_not_found'));
});

describe('ExtendClientTrial', () => {
  const extend = (now: string) => new ExtendClientTrial('globex', { now }, system);
  const extended = (trial_ends: string): DomainEvent => ({
    type: 'ClientTrialExtended',
    data: { trial_ends },
  });

  it('T408: gives 14 days from now', () =>
    given(opened('trial'))
      .when(extend('2026-01-31T10:00:00.000Z'))
      .then(extended('2026-02-14T10:00:00.000Z')));
  it('T408: gives 14 days more to a trial that has an end', () =>
    given(opened('trial'), extended('2026-02-14T10:00:00.000Z'))
      .when(extend('2026-02-01T10:00:00.000Z'))
      .then(extended('2026-02-28T10:00:00.000Z')));
  it('T408: gives 14 days from now when the end is over', () =>
    given(opened('trial'), extended('2026-02-14T10:00:00.000Z'))
      .when(extend('2026-03-01T00:00:00.000Z'))
      .then(extended('2026-03-15T00:00:00.000Z')));
  it.each(['setup', 'active', 'disabled'] as const)('T408: is refused in the status %s', (status) =>
    given(opened(status)).when(extend('2026-01-31T10:00:00.000Z')).rejects('client_not_in_trial'),
  );
});

describe('EnableClientDirectBilling', () => {
  const enable = new EnableClientDirectBilling('globex', {}, system);

  it('T408: is recorded once', () => {
    given(client()).when(enable).then({ type: 'ClientDirectBillingEnabled', data: {} });
    given(client(), { type: 'ClientDirectBillingEnabled', data: {} }).when(enable).nothing();
  });
});

describe('CloseClient', () => {
  const close = new CloseClient('globex', {}, system);
  const closed: DomainEvent = { type: 'ClientClosed', data: {} };

  it('T408: is one event, whoever is in the account', () =>
    given(client(), user('cem')).when(close).then(closed));
  it('T408: is refused when it is closed already', () =>
    given(client(), closed).when(close).rejects('client_not_found'));
  it('is refused for a company', () =>
    given(company)
      .when(new CloseClient('acme', {}, system))
      .rejects('client_not_found'));
});
