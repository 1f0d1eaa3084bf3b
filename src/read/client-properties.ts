import type { PropertyMap } from '../domain/properties.js';
import type { Moment } from './moment.js';
import { propertiesOf } from './properties.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

/**
 * The properties that a company's clients have, by name, with the values of one client: "" where it has none.
 * This does not tell whether there is such a client. The client's own stream does.
 */
export class GetClientProperties extends Question<PropertyMap> {
  readonly type = 'GetClientProperties';

  /** @param at a moment of the company */
  constructor(
    at: Moment,
    readonly clientId: string,
  ) {
    super(at);
  }
}

export const getClientProperties = (database: ViewsDatabase) => {
  const properties = propertiesOf(database, 'client');
  return ({ at, clientId }: GetClientProperties): PropertyMap =>
    properties(at, [clientId]).get(clientId) ?? {};
};
