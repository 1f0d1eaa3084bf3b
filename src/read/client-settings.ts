import { Query } from '@nestjs/cqrs';
import type { SettingValue } from '../domain/client-settings.js';
import { Rejection } from '../domain/rejection.js';
import type { Entities } from './entities.js';
import { type Handlers, type ReadModel, Versions } from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

/** A value is JSON: a text, a number or a boolean. */
export const clientSettingsSchema = `
  CREATE TABLE client_settings (
    account INTEGER NOT NULL, name TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    value TEXT NOT NULL
  );
  CREATE UNIQUE INDEX client_settings_now ON client_settings (account, name) WHERE until = ${NOW};
`;

/** The settings of a client account by name. @throws Rejection client_not_found */
export class GetClientSettings extends Query<Readonly<Record<string, SettingValue>>> {
  constructor(readonly account: string) {
    super();
  }
}

type SettingRow = { account: number; name: string; value: string };

export class ClientSettings implements ReadModel {
  private readonly versions: Versions<SettingRow>;
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
  ) {
    const key = ['account', 'name'] as const;
    this.versions = new Versions<SettingRow>(views, 'client_settings', key, [...key, 'value']);
    this.statements = {
      all: views.prepare<{ name: string; value: string }>(
        `SELECT name, value FROM client_settings WHERE account = ? AND until = ${NOW} ORDER BY name`,
      ),
    };
  }

  readonly handlers: Handlers = {
    ClientSettingsSet: ({ settings }, at) => {
      for (const [name, value] of Object.entries(settings)) {
        if (value === null) this.versions.close(at, at.account, name);
        else this.versions.put({ account: at.account, name, value: JSON.stringify(value) }, at);
      }
    },
  };

  of({ account }: GetClientSettings): Readonly<Record<string, SettingValue>> {
    const number = this.entities.find('account', account, account);
    if (number === undefined) throw new Rejection('client_not_found');
    // Object.fromEntries makes a property of its own of every name, __proto__ too.
    return Object.fromEntries(
      this.statements.all.all(number).map(({ name, value }) => [name, JSON.parse(value) as SettingValue]),
    );
  }
}
