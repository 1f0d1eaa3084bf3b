import type { ClientResourceView } from '../../read/client-resources.js';
import type { ClientView } from '../../read/client.js';
import type { ShareRightView } from '../../read/share-rights.js';
import { mapExample } from '../openapi/example-schema.js';
import { groupExample } from './group.js';
import { seconds, shown, userRowExample } from './user.js';

/** A row of the client list. */
export function clientRow(client: ClientView): object {
  const { id, name, description, status, seats, external_id, custom_theme } = client;
  const last_sign_in = client.last_sign_in && seconds(client.last_sign_in);
  const theme = custom_theme === null ? {} : { custom_theme };
  return { id, name, description, status, seats, last_sign_in, ...shown(external_id), ...theme };
}

/** A client in detail, without what is in it. */
export function clientDetail(client: ClientView): object {
  const { trial_ends } = client;
  return { ...clientRow(client), ...(trial_ends === null ? {} : { trial_ends: seconds(trial_ends) }) };
}

/** A group that a client is shared with. */
export function shareRow({ group_id, group_name, can_manage }: ShareRightView): object {
  return { group_id, group_name, can_manage };
}

/** How much a client may have of something. */
export function resourceRow({ name, value }: ClientResourceView): object {
  return { name, value };
}

const id = '0123456789abcdef0123456789abcdef';
const rowExample = {
  ...{ id, name: 'Acme', description: 'Since 2019', status: 'active' },
  ...{ seats: -1, last_sign_in: null, external_id: 'crm-4711', custom_theme: 'dark' },
};

export const shareExample = { group_id: id, group_name: 'Managers', can_manage: true };
const associationsExample = {
  ...{ users: [userRowExample], groups: [groupExample], share_rights: [shareExample] },
};
export const settingsExample = mapExample({ locale: 'de-CH', line_height: 1.5, dark: true });
export const clientExample = { ...rowExample, ...associationsExample };
export const clientDetailExample = {
  ...{ ...rowExample, trial_ends: '2016-07-01T18:12:06Z' },
  ...{ direct_billing: true, settings: settingsExample, ...associationsExample },
};
export const resourcesExample: readonly ClientResourceView[] = [
  { name: 'api.requests.perDay', value: 5000 },
  { name: 'dashboard.combined.total', value: -1 },
  { name: 'company.seats', value: -1 },
  { name: 'published.private.links', value: -1 },
];
