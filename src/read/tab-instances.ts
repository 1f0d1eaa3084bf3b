import { Query } from '@nestjs/cqrs';
import { Rejection } from '../domain/rejection.js';
import type { Entities } from './entities.js';
import { type Handlers, type Page, type PageRequest, type ReadModel, Versions } from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

export const tabInstancesSchema = `
  CREATE TABLE tab_instances (
    tab_instance INTEGER NOT NULL, user INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    tab_id TEXT NOT NULL
  );
  CREATE UNIQUE INDEX tab_instances_now ON tab_instances (tab_instance) WHERE until = ${NOW};
  CREATE INDEX tab_instances_of_user ON tab_instances (user, tab_instance) WHERE until = ${NOW};
`;

export interface TabInstanceView {
  readonly id: string;
  readonly tab_id: string;
}

/** The tab instances of a user, oldest first. @throws Rejection user_not_found */
export class ListTabInstances extends Query<Page<TabInstanceView>> {
  constructor(
    readonly account: string,
    readonly userId: string,
    readonly page: PageRequest,
  ) {
    super();
  }
}

type TabInstanceRow = { tab_instance: number; user: number; tab_id: string };

export class TabInstances implements ReadModel {
  private readonly versions: Versions<TabInstanceRow>;
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
  ) {
    this.versions = new Versions<TabInstanceRow>(
      views,
      'tab_instances',
      ['tab_instance'],
      ['tab_instance', 'user', 'tab_id'],
    );
    this.statements = {
      ofUser: views.prepare<TabInstanceView>(
        `SELECT id, tab_id FROM tab_instances JOIN entities ON number = tab_instance
         WHERE user = ? AND until = ${NOW} ORDER BY tab_instance LIMIT ? OFFSET ?`,
      ),
      countOfUser: views.prepare<{ total: number }>(
        `SELECT count(*) AS total FROM tab_instances WHERE user = ? AND until = ${NOW}`,
      ),
      numbersOfUser: views.prepare<{ tab_instance: number }>(
        `SELECT tab_instance FROM tab_instances WHERE user = ? AND until = ${NOW}`,
      ),
      endOfUser: views.prepare<never>(`UPDATE tab_instances SET until = ? WHERE user = ? AND until = ${NOW}`),
    };
  }

  readonly handlers: Handlers = {
    UserTabInstancesAdded: ({ user_id, instances }, at) => {
      const user = this.entities.number(user_id);
      for (const { tab_instance_id, tab_id } of instances) {
        const tab_instance = this.entities.declare(tab_instance_id, 'tab_instance', at.account);
        this.versions.open({ tab_instance, user, tab_id }, at);
      }
    },
    UserTabInstanceRemoved: ({ tab_instance_id }, at) => {
      const tab_instance = this.entities.number(tab_instance_id);
      this.versions.close(at, tab_instance);
      this.entities.end(tab_instance);
    },
    UserDeleted: ({ user_id }, at) => {
      const user = this.entities.number(user_id);
      for (const { tab_instance } of this.statements.numbersOfUser.all(user)) this.entities.end(tab_instance);
      this.statements.endOfUser.run(at.revision, user);
    },
  };

  list({ account, userId, page }: ListTabInstances): Page<TabInstanceView> {
    const user = this.entities.find('user', userId, account);
    if (user === undefined) throw new Rejection('user_not_found');
    return {
      rows: this.statements.ofUser.all(user, page.limit, page.offset),
      total: this.statements.countOfUser.get(user)?.total ?? 0,
    };
  }
}
