import { Rejection } from '../domain/rejection.js';
import type { Webhook } from '../domain/webhook-record.js';
import { ACCOUNT, type At } from './at.js';
import { MomentList, MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import { type Page, pageBy, pageOf, type PageRequest } from './page.js';
import { Question } from './question.js';
import { webhookIn } from './tables/webhooks.js';
import { NOW, type ViewsDatabase } from './views-database.js';

/** A webhook, and what its maker is or was called; null for the operator and the service. */
export type WebhookView = Webhook & { readonly maker: string | null };

/** The webhooks of an account, oldest first. */
export class ListWebhooks extends Question<Page<WebhookView>> {
  readonly type = 'ListWebhooks';

  constructor(
    at: Moment,
    readonly page: PageRequest,
  ) {
    super(at);
  }
}

/** @throws Rejection webhook_not_found */
export class GetWebhook extends Question<WebhookView> {
  readonly type = 'GetWebhook';

  constructor(
    at: Moment,
    readonly id: string,
  ) {
    super(at);
  }
}

interface Row {
  readonly record: string;
  readonly maker: string | null;
}

/**
 * The name that the maker had at the moment, or at last before it: a webhook stays when its maker is deleted. One of
 * another account has the name of the present: moments of the one say nothing of the other.
 */
function named(at: At): string {
  const name = (where: string) =>
    `(SELECT trim(first_name || ' ' || last_name) FROM users
      WHERE user = (SELECT number FROM entities WHERE id = record ->> '$.created_by.id') AND ${where})`;
  const own = (where: string) => name(`users.account = ${ACCOUNT} AND ${where}`);
  const last = (where: string) => `${where} ORDER BY until DESC LIMIT 1`;
  const names = [
    own(at('users')),
    own(last('until <= ?1')),
    name(`until = ${NOW}`),
    name(last(`until < ${NOW}`)),
  ];
  return `coalesce(${names.join(', ')})`;
}

export const listWebhooks = (database: ViewsDatabase) => {
  const total = new MomentStatement<{ total: number }>(
    database,
    (at) => `SELECT count(*) AS total FROM webhooks WHERE account = ${ACCOUNT} AND ${at('webhooks')}`,
  );
  const list = new MomentList<Row>(
    database,
    (at) =>
      `SELECT record, ${named(at)} AS maker FROM webhooks WHERE account = ${ACCOUNT} AND ${at('webhooks')}
       ORDER BY webhook ${pageBy(3)}`,
  );
  return ({ at, page }: ListWebhooks): Page<WebhookView> =>
    pageOf(total.get(at)?.total ?? 0, page, (...limits) => list.all(at, ...limits).map(view));
};

export const getWebhook = (database: ViewsDatabase) => {
  const one = new MomentStatement<Row>(
    database,
    (at) =>
      `SELECT record, ${named(at)} AS maker FROM webhooks JOIN entities self ON self.number = webhook
       WHERE self.id = ?3 AND webhooks.account = ${ACCOUNT} AND ${at('webhooks')}`,
  );
  return ({ at, id }: GetWebhook): WebhookView => {
    const row = one.get(at, id);
    if (!row) throw new Rejection('webhook_not_found');
    return view(row);
  };
};

function view(row: Row): WebhookView {
  return { ...webhookIn(row), maker: row.maker };
}
