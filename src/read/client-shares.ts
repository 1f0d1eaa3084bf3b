import { Query } from '@nestjs/cqrs';
import { Rejection } from '../domain/rejection.js';
import type { Entities } from './entities.js';
import { type Handlers, type Page, type PageRequest, type ReadModel, Versions } from './read-model.js';
import { NOW, type ViewsDatabase } from './views-database.js';

export const clientSharesSchema = `
  CREATE TABLE client_shares (
    client INTEGER NOT NULL, "group" INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
    can_manage INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX client_shares_now ON client_shares (client, "group") WHERE until = ${NOW};
  CREATE INDEX client_shares_of_group ON client_shares ("group") WHERE until = ${NOW};
`;

export interface ShareRightView {
  readonly group_id: string;
  readonly group_name: string;
  readonly can_manage: boolean;
}

/** The groups of a company that one of its clients is shared with. @throws Rejection client_not_found */
export class ListShareRights extends Query<Page<ShareRightView>> {
  /** @param account the company */
  constructor(
    readonly account: string,
    readonly clientId: string,
    readonly page: PageRequest,
  ) {
    super();
  }
}

type ShareRow = { client: number; group: number; can_manage: number };
type ShareRightRow = Omit<ShareRightView, 'can_manage'> & { can_manage: number };

/** Facts of the company's stream: the client's own may be read earlier or later than these. */
export class ClientShares implements ReadModel {
  private readonly versions: Versions<ShareRow>;
  private readonly statements;

  constructor(
    views: ViewsDatabase,
    private readonly entities: Entities,
  ) {
    const key = ['client', 'group'] as const;
    this.versions = new Versions<ShareRow>(views, 'client_shares', key, [...key, 'can_manage']);
    this.statements = {
      endOfGroup: views.prepare<never>(
        `UPDATE client_shares SET until = ? WHERE "group" = ? AND until = ${NOW}`,
      ),
      all: views.prepare<ShareRightRow>(
        `SELECT id AS group_id, name AS group_name, can_manage FROM client_shares
         JOIN groups ON groups."group" = client_shares."group" AND groups.until = ${NOW}
         JOIN entities ON number = client_shares."group"
         WHERE client = ? AND client_shares.until = ${NOW} ORDER BY client_shares."group" LIMIT ? OFFSET ?`,
      ),
      count: views.prepare<{ total: number }>(
        `SELECT count(*) AS total FROM client_shares WHERE client = ? AND until = ${NOW}`,
      ),
      reach: views.prepare<{ found: number }>(
        `SELECT 1 AS found FROM client_shares
         JOIN entities clients ON clients.id = ?1 AND clients.number = client
         JOIN entities users ON users.id = ?2
         JOIN memberships ON memberships."group" = client_shares."group" AND user = users.number
           AND memberships.until = ${NOW}
         WHERE client_shares.until = ${NOW} AND can_manage >= ?3 LIMIT 1`,
      ),
    };
  }

  readonly handlers: Handlers = {
    ClientShared: ({ client_id, group_id, can_manage }, at) => {
      const [client, group] = [this.entities.number(client_id), this.entities.number(group_id)];
      this.versions.put({ client, group, can_manage: can_manage ? 1 : 0 }, at);
    },
    ClientUnshared: ({ client_id, group_id }, at) => {
      this.versions.close(at, this.entities.number(client_id), this.entities.number(group_id));
    },
    GroupDeleted: ({ group_id }, at) => {
      this.statements.endOfGroup.run(at.revision, this.entities.number(group_id));
    },
  };

  list({ clientId, page }: ListShareRights): Page<ShareRightView> {
    const client = this.entities.find('account', clientId, clientId);
    if (client === undefined) throw new Rejection('client_not_found');
    const rows = this.statements.all.all(client, page.limit, page.offset);
    return {
      rows: rows.map((row) => ({ ...row, can_manage: row.can_manage === 1 })),
      total: this.statements.count.get(client)?.total ?? 0,
    };
  }

  /**
   * Whether the client is shared with a group of the user, for the guard at the door; the decision checks again on
   * the state of the user's account.
   * @param toManage whether only a share that lets manage counts
   */
  reaches(userId: string, clientId: string, toManage: boolean): boolean {
    return this.statements.reach.get(clientId, userId, toManage ? 1 : 0) !== undefined;
  }
}
