import fc from 'fast-check';
import { type ClientStatus, clientStatuses } from '../../src/domain/client-status.js';
import { CloseClient, UpdateClient } from '../../src/domain/client.js';
import { EnableClientDirectBilling, ExtendClientTrial } from '../../src/domain/client-billing.js';
import { SetClientResources } from '../../src/domain/client-resources.js';
import { SetClientSettings, type SettingValue } from '../../src/domain/client-settings.js';
import { ACME, system } from '../support/domain.js';
import {
  among,
  draft,
  external_id,
  hour,
  property_name,
  type Step,
  stepsOf,
  text,
  usual,
} from './random-commands.js';

/** The client as such; few of its users' commands come through while it is disabled. */
const updateClient = draft(
  fc.record(
    {
      ...{ name: text, description: text, seats: among(-1, 3, 5, 8), external_id, custom_theme: external_id },
      status: among<ClientStatus>(...clientStatuses, 'trial', 'active'),
    },
    { requiredKeys: [] },
  ),
  (data, by) => new UpdateClient(ACME, data, by),
);
const amount = among(-1, 0, 5);
const setting = among<SettingValue | null>(null, '', 'one', 0, 1, true, false);
const aboutClient = [
  updateClient,
  draft(
    fc.record(
      { 'api.requests.perDay': amount, 'dashboard.combined.total': amount, 'company.seats': amount },
      { requiredKeys: [] },
    ),
    (resources, by) => new SetClientResources(ACME, { resources }, by),
  ),
  draft(fc.dictionary(property_name, setting, { maxKeys: 3 }), (settings, by) => {
    return new SetClientSettings(ACME, { settings }, by);
  }),
  draft(hour, (now, by) => new ExtendClientTrial(ACME, { now }, by)),
  draft(fc.constant({}), (data, by) => new EnableClientDirectBilling(ACME, data, by)),
  // One in many: nothing comes after it.
  fc
    .tuple(fc.nat({ max: 9 }), updateClient)
    .map(([dice, other]) => (dice === 0 ? () => new CloseClient(ACME, {}, system) : other)),
];
const command = fc.oneof(...usual, ...aboutClient.map((arbitrary) => ({ arbitrary, weight: 1 })));

/** Commands of every type on one client account, also those about the account as such. */
export const clientSteps: fc.Arbitrary<Step[]> = stepsOf(command);
