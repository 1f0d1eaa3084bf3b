import type { Webhook } from '../domain/webhook-record.js';
import { RowList } from './row-list.js';
import type { Statement } from '../event-store/sqlite.js';
import { now } from './at.js';
import { webhookIn } from './tables/webhooks.js';
import type { ViewsDatabase } from './views-database.js';

/** A webhook with the account that it belongs to. */
export interface AccountWebhook {
  readonly account: string;
  readonly webhook: Webhook;
  /** Whether its account was closed: it sends what happened until then. */
  readonly closed: boolean;
}

interface Row {
  readonly account: string;
  readonly record: string;
  readonly closed: number;
}

const found = `SELECT owner.id AS account, record, closed FROM webhooks
  JOIN entities owner ON owner.number = webhooks.account`;

/** The webhooks of all accounts as they are at present, for those who send events by them. */
export class PresentWebhooks {
  private readonly list: RowList<Row>;
  private readonly one: Statement<Row>;
  /** By what their rows say. */
  private known: ReadonlyMap<string, AccountWebhook> = new Map();

  constructor(database: ViewsDatabase) {
    this.list = new RowList(database, `${found} WHERE ${now('webhooks')} ORDER BY webhook`);
    this.one = database.prepare(
      `${found} JOIN entities self ON self.number = webhook WHERE self.id = ? AND ${now('webhooks')}`,
    );
  }

  /** All there are, whatever their status. One that is as it was the last time is the same object. */
  all(): readonly AccountWebhook[] {
    const all = this.list.all().map((row) => {
      const said = `${row.account} ${row.closed} ${row.record}`;
      return [said, this.known.get(said) ?? view(row)] as const;
    });
    this.known = new Map(all);
    return [...this.known.values()];
  }

  /** @param id of a webhook of whatever account */
  byId(id: string): AccountWebhook | undefined {
    const row = this.one.get(id);
    return row && view(row);
  }
}

function view(row: Row): AccountWebhook {
  return { account: row.account, webhook: webhookIn(row), closed: row.closed === 1 };
}
