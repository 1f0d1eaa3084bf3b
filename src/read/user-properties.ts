import { Query } from '@nestjs/cqrs';
import type { PropertyMap } from '../domain/properties.js';
import { Rejection } from '../domain/rejection.js';
import type { Entities } from './entities.js';
import { Properties, propertiesSchema } from './properties.js';
import type { Handlers, ReadModel } from './read-model.js';
import type { ViewsDatabase } from './views-database.js';

export const userPropertiesSchema = propertiesSchema('user');

/** The properties of a user by name, "" where the user has no value. @throws Rejection user_not_found */
export class GetUserProperties extends Query<PropertyMap> {
  constructor(
    readonly account: string,
    readonly userId: string,
  ) {
    super();
  }
}

export class UserProperties implements ReadModel {
  private readonly properties: Properties;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
  ) {
    this.properties = new Properties(views, 'user');
  }

  readonly handlers: Handlers = {
    UserPropertyAdded: ({ name }, at) => {
      this.properties.add(name, at);
    },
    UserPropertiesSet: ({ user_id, properties }, at) => {
      this.properties.set(this.entities.number(user_id), properties, at);
    },
    UserPropertyDeleted: ({ name }, at) => {
      this.properties.delete(name, at);
    },
    UserDeleted: ({ user_id }, at) => {
      this.properties.end(this.entities.number(user_id), at);
    },
  };

  of({ account, userId }: GetUserProperties): PropertyMap {
    const user = this.entities.find('user', userId, account);
    if (user === undefined) throw new Rejection('user_not_found');
    return this.properties.of(this.entities.known(account), user);
  }
}
