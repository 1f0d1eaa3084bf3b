import { Query } from '@nestjs/cqrs';
import { type ResourceName, resourceNames } from '../domain/client.js';
import { type Clients, GetClient } from './clients.js';
import type { Entities } from './entities.js';
import { type Handlers, type ReadModel, Versions } from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

/** The resources besides the seats, which are in the account's own row. */
export const clientResourcesSchema = `
  CREATE TABLE client_resources (
    account INTEGER NOT NULL, name TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    value INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX client_resources_now ON client_resources (account, name) WHERE until = ${NOW};
`;

export interface ClientResourceView {
  readonly name: ResourceName;
  /** -1 for any number. */
  readonly value: number;
}

/** Every resource of a client account. @throws Rejection client_not_found */
export class ListClientResources extends Query<readonly ClientResourceView[]> {
  constructor(readonly account: string) {
    super();
  }
}

type ResourceRow = { account: number; name: string; value: number };

export class ClientResources implements ReadModel {
  private readonly versions: Versions<ResourceRow>;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
    private readonly clients: Clients,
  ) {
    const key = ['account', 'name'] as const;
    this.versions = new Versions<ResourceRow>(views, 'client_resources', key, [...key, 'value']);
  }

  readonly handlers: Handlers = {
    ClientResourcesSet: ({ resources }, at) => {
      for (const [name, value] of Object.entries(resources))
        this.versions.put({ account: at.account, name, value }, at);
    },
  };

  list({ account }: ListClientResources): readonly ClientResourceView[] {
    const { seats } = this.clients.get(new GetClient(account));
    const number = this.entities.known(account);
    return resourceNames.map((name) => {
      const value = name === 'company.seats' ? seats : this.versions.current(number, name)?.value;
      return { name, value: value ?? -1 };
    });
  }
}
