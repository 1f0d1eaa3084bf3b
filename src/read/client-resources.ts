import { type ResourceName, resourceNames } from '../domain/client-resources.js';
import { ACCOUNT } from './at.js';
import { GetClient, getClient } from './client.js';
import { MomentList } from './moment-statement.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

export interface ClientResourceView {
  readonly name: ResourceName;
  /** -1 stands for any number. */
  readonly value: number;
}

/** Every resource of a client account. @throws Rejection client_not_found */
export class ListClientResources extends Question<readonly ClientResourceView[]> {
  readonly type = 'ListClientResources';
}

export const listClientResources = (database: ViewsDatabase) => {
  const client = getClient(database);
  const all = new MomentList<{ name: string; value: number }>(
    database,
    (at) =>
      `SELECT name, value FROM client_resources WHERE account = ${ACCOUNT} AND ${at('client_resources')}`,
  );
  return ({ at }: ListClientResources): readonly ClientResourceView[] => {
    const { seats } = client(new GetClient(at));
    const values = new Map(all.all(at).map(({ name, value }) => [name, value]));
    return resourceNames.map((name) => ({
      name,
      value: name === 'company.seats' ? seats : (values.get(name) ?? -1),
    }));
  };
};
