import type { PropertyMap } from '../domain/properties.js';
import { foundUser } from './found.js';
import type { Moment } from './moment.js';
import { propertiesOf } from './properties.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

/** The properties of a user by name, "" where the user has no value. @throws Rejection user_not_found */
export class GetUserProperties extends Question<PropertyMap> {
  readonly type = 'GetUserProperties';

  constructor(
    at: Moment,
    readonly userId: string,
  ) {
    super(at);
  }
}

export const getUserProperties = (database: ViewsDatabase) => {
  const [user, properties] = [foundUser(database), propertiesOf(database, 'user')];
  return ({ at, userId }: GetUserProperties): PropertyMap => {
    user(at, userId);
    return properties(at, [userId]).get(userId) ?? {};
  };
};
