import { Query } from '@nestjs/cqrs';
import type { PropertyMap } from '../domain/properties.js';
import { Rejection } from '../domain/rejection.js';
import type { Entities } from './entities.js';
import { Properties, propertiesSchema } from './properties.js';
import type { Handlers, ReadModel } from './read-model.js';
import type { ViewsDatabase } from './views-database.js';

export const clientPropertiesSchema = propertiesSchema('client');

/** The properties of a company's client by name, "" where the client has no value. @throws Rejection client_not_found */
export class GetClientProperties extends Query<PropertyMap> {
  /** @param account the company */
  constructor(
    readonly account: string,
    readonly clientId: string,
  ) {
    super();
  }
}

/** Facts of the company's stream: the client's own may be read earlier or later than these. */
export class ClientProperties implements ReadModel {
  private readonly properties: Properties;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
  ) {
    this.properties = new Properties(views, 'client');
  }

  readonly handlers: Handlers = {
    ClientPropertyAdded: ({ name }, at) => {
      this.properties.add(name, at);
    },
    ClientPropertiesSet: ({ client_id, properties }, at) => {
      this.properties.set(this.entities.number(client_id), properties, at);
    },
    ClientPropertyDeleted: ({ name }, at) => {
      this.properties.delete(name, at);
    },
  };

  of({ account, clientId }: GetClientProperties): PropertyMap {
    const client = this.entities.find('account', clientId, clientId);
    if (client === undefined) throw new Rejection('client_not_found');
    return this.properties.of(this.entities.known(account), client);
  }
}
