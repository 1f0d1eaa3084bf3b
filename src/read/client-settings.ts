import type { SettingValue } from '../domain/client-settings.js';
import { ACCOUNT } from './at.js';
import { GetClient, getClient } from './client.js';
import { MomentList } from './moment-statement.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

/** The settings of a client account by name. @throws Rejection client_not_found */
export class GetClientSettings extends Question<Readonly<Record<string, SettingValue>>> {
  readonly type = 'GetClientSettings';
}

export const getClientSettings = (database: ViewsDatabase) => {
  const client = getClient(database);
  const all = new MomentList<{ name: string; value: string }>(
    database,
    (at) =>
      `SELECT name, value FROM client_settings WHERE account = ${ACCOUNT} AND ${at('client_settings')} ORDER BY name`,
  );
  return ({ at }: GetClientSettings): Readonly<Record<string, SettingValue>> => {
    client(new GetClient(at));
    // Object.fromEntries makes every name an own property, even __proto__.
    return Object.fromEntries(
      all.all(at).map(({ name, value }) => [name, JSON.parse(value) as SettingValue]),
    );
  };
};
