import { Query } from '@nestjs/cqrs';
import { Rejection } from '../domain/rejection.js';
import type { Entities } from './entities.js';
import type { Handlers, Page, PageRequest, ReadModel } from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

export const defaultTabsSchema = `
  CREATE TABLE default_tabs (
    "group" INTEGER NOT NULL, tab TEXT NOT NULL, place INTEGER NOT NULL,
    since INTEGER NOT NULL, until INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX default_tabs_now ON default_tabs ("group", tab) WHERE until = ${NOW};
  CREATE INDEX default_tabs_of_group ON default_tabs ("group", since, place) WHERE until = ${NOW};
`;

export interface DefaultTabView {
  /** The caller's own id of a dashboard. */
  readonly tab_id: string;
}

/** The default tabs of a group in the order in which they were added. @throws Rejection group_not_found */
export class ListDefaultTabs extends Query<Page<DefaultTabView>> {
  constructor(
    readonly account: string,
    readonly groupId: string,
    readonly page: PageRequest,
  ) {
    super();
  }
}

/** One default tab of a group. @throws Rejection group_not_found, default_tab_not_found */
export class GetDefaultTab extends Query<DefaultTabView> {
  constructor(
    readonly account: string,
    readonly groupId: string,
    readonly tabId: string,
  ) {
    super();
  }
}

export class DefaultTabs implements ReadModel {
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
  ) {
    this.statements = {
      open: views.prepare<never>(
        `INSERT INTO default_tabs ("group", tab, place, since, until) VALUES (?, ?, ?, ?, ${NOW})`,
      ),
      endOfGroup: views.prepare<never>(
        `UPDATE default_tabs SET until = ? WHERE "group" = ? AND until = ${NOW}`,
      ),
      one: views.prepare<DefaultTabView>(
        `SELECT tab AS tab_id FROM default_tabs WHERE "group" = ? AND tab = ? AND until = ${NOW}`,
      ),
      all: views.prepare<DefaultTabView>(
        `SELECT tab AS tab_id FROM default_tabs WHERE "group" = ? AND until = ${NOW}
         ORDER BY since, place LIMIT ? OFFSET ?`,
      ),
      count: views.prepare<{ total: number }>(
        `SELECT count(*) AS total FROM default_tabs WHERE "group" = ? AND until = ${NOW}`,
      ),
    };
  }

  readonly handlers: Handlers = {
    GroupDefaultTabsAdded: ({ group_id, tab_ids }, at) => {
      const group = this.entities.number(group_id);
      for (const [place, tab] of tab_ids.entries()) this.statements.open.run(group, tab, place, at.revision);
    },
    GroupDeleted: ({ group_id }, at) => {
      this.statements.endOfGroup.run(at.revision, this.entities.number(group_id));
    },
  };

  list({ account, groupId, page }: ListDefaultTabs): Page<DefaultTabView> {
    const group = this.find(account, groupId);
    return {
      rows: this.statements.all.all(group, page.limit, page.offset),
      total: this.statements.count.get(group)?.total ?? 0,
    };
  }

  get({ account, groupId, tabId }: GetDefaultTab): DefaultTabView {
    const row = this.statements.one.get(this.find(account, groupId), tabId);
    if (!row) throw new Rejection('default_tab_not_found');
    return row;
  }

  private find(account: string, groupId: string): number {
    const group = this.entities.find('group', groupId, account);
    if (group === undefined) throw new Rejection('group_not_found');
    return group;
  }
}
