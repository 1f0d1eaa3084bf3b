import { integer, optionalInteger, optionalText, type RowOf, text, versioned } from '../versioned.js';
import type { EventContext, Handlers, Writers } from './handlers.js';

export const accounts = versioned('accounts', {
  key: ['account'],
  columns: {
    account: integer,
    parent: optionalInteger,
    opened: text,
    name: text,
    description: text,
    status: text,
    seats: integer,
    external_id: optionalText,
    custom_theme: optionalText,
    trial_ends: optionalText,
    direct_billing: integer,
    all_users_group: integer,
    super_admin: optionalInteger,
    technical_contact: optionalInteger,
    business_contact: optionalInteger,
  },
  now: [
    ['parent', 'opened'],
    ['parent', 'external_id'],
  ],
});

const unset = {
  ...{ external_id: null, custom_theme: null, trial_ends: null, direct_billing: 0 },
  ...{ super_admin: null, technical_contact: null, business_contact: null },
};

export const accountHandlers = ({ database, entities }: Writers) => {
  const rows = accounts.in(database);
  const change = (at: EventContext, changes: Partial<RowOf<typeof accounts>>) => rows.change(at, at, changes);
  const opening = (all_users_group_id: string, { account, time }: EventContext) => {
    const all_users_group = entities.number(all_users_group_id);
    return { ...unset, account, opened: time, all_users_group };
  };
  return {
    CompanyOpened: ({ name, all_users_group_id }, at) => {
      const facts = { parent: null, name, description: '', status: 'active', seats: -1 };
      rows.open(at, { ...opening(all_users_group_id, at), ...facts });
    },
    ClientOpened: ({ parent_id, all_users_group_id, ...facts }, at) =>
      rows.open(at, { ...opening(all_users_group_id, at), ...facts, parent: entities.number(parent_id) }),
    AccountRenamed: ({ name }, at) => change(at, { name }),
    ClientDescriptionChanged: ({ description }, at) => change(at, { description }),
    ClientStatusChanged: ({ status }, at) => change(at, { status }),
    ClientSeatsChanged: ({ seats }, at) => change(at, { seats }),
    ClientExternalIdChanged: ({ external_id }, at) => change(at, { external_id }),
    ClientThemeChanged: ({ custom_theme }, at) => change(at, { custom_theme }),
    ClientTrialExtended: ({ trial_ends }, at) => change(at, { trial_ends }),
    ClientDirectBillingEnabled: (_, at) => change(at, { direct_billing: 1 }),
    ClientClosed: (_, at) => rows.close(at, at),
    ContactAssigned: ({ contact, user_id }, at) => change(at, { [contact]: entities.number(user_id) }),
  } satisfies Handlers;
};
