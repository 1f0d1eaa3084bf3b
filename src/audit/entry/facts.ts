import type { AccountState } from '../../domain/account-state.js';
import { factNames } from '../../domain/webhook-record.js';
import type { Reference } from './subjects.js';

/** What is recorded of something, by the API's field names; empty for what is not there. */
export type Facts = Readonly<Record<string, unknown>>;

/** What a thing of the account, or the account itself, is known by. */
export function factsOf(state: AccountState, { type, id }: Reference): Facts {
  switch (type) {
    case 'user': {
      const { first_name, last_name, email, external_id, permissions } = state.users.get(id) ?? {};
      return { first_name, last_name, email, external_id, permissions };
    }
    case 'group': {
      const { name, description, external_id, permissions } = state.groups.get(id) ?? {};
      return { name, description, external_id, permissions };
    }
    case 'role': {
      const { name, description, permissions } = state.roles.get(id) ?? {};
      return { name, description, permissions };
    }
    case 'webhook': {
      const webhook = state.webhooks.get(id);
      const { header_names, created_by } = webhook ?? {};
      return {
        ...Object.fromEntries(factNames.map((name) => [name, webhook?.[name]])),
        header_names,
        created_by,
      };
    }
    default: {
      const { description, status, seats, external_id, custom_theme } = state.client.get('client') ?? {};
      const { trial_ends } = state.clientBilling.get('client') ?? {};
      const { name } = state.account.get('account') ?? {};
      return { name, description, status, seats, external_id, custom_theme, trial_ends };
    }
  }
}
