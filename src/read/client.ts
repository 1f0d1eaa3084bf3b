import type { ClientStatus } from '../domain/client-status.js';
import { Rejection } from '../domain/rejection.js';
import { ACCOUNT, type At } from './at.js';
import { MomentStatement } from './moment-statement.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

export interface ClientView {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly status: ClientStatus;
  readonly seats: number;
  readonly external_id: string | null;
  readonly custom_theme: string | null;
  /**
   * The last recorded sign-in of a present or former user, ISO 8601 in UTC with milliseconds; null
   * when there is none.
   */
  readonly last_sign_in: string | null;
  /** The end of the trial, in the form of `last_sign_in`; null when the trial was never extended. */
  readonly trial_ends: string | null;
  readonly direct_billing: boolean;
}

/** One client account. @throws Rejection client_not_found when there is none or it is closed */
export class GetClient extends Question<ClientView> {
  readonly type = 'GetClient';
}

export type ClientRow = Omit<ClientView, 'direct_billing'> & { readonly direct_billing: number };

export const clientColumns = (at: At) =>
  `id, name, description, status, seats, external_id,
   custom_theme, (SELECT time FROM last_sign_ins WHERE last_sign_ins.account = accounts.account
     AND ${at('last_sign_ins')}) AS last_sign_in, trial_ends, direct_billing`;

export const getClient = (database: ViewsDatabase) => {
  const one = new MomentStatement<ClientRow>(
    database,
    (at) =>
      `SELECT ${clientColumns(at)} FROM accounts JOIN entities ON number = accounts.account
       WHERE accounts.account = ${ACCOUNT} AND parent IS NOT NULL AND ${at('accounts')}`,
  );
  return ({ at }: GetClient): ClientView => {
    const row = one.get(at);
    if (!row) throw new Rejection('client_not_found');
    return { ...row, direct_billing: row.direct_billing === 1 };
  };
};
