import type { ContactKind } from '../domain/account.js';
import { Rejection } from '../domain/rejection.js';
import { ACCOUNT } from './at.js';
import { MomentStatement } from './moment-statement.js';
import { Question } from './question.js';
import type { ViewsDatabase } from './views-database.js';

export interface AccountView {
  readonly id: string;
  readonly name: string;
  /** Id of the company of a client account; null for a company. */
  readonly parent_id: string | null;
  readonly contacts: Readonly<Record<ContactKind, string | null>>;
}

/** A company or client account. @throws Rejection client_not_found when there is none or it is closed */
export class GetAccount extends Question<AccountView> {
  readonly type = 'GetAccount';
}

type Row = Pick<AccountView, 'name' | 'parent_id'> & Record<ContactKind, string | null>;

const idOf = (column: string) => `(SELECT id FROM entities WHERE number = ${column})`;

export const getAccount = (database: ViewsDatabase) => {
  const one = new MomentStatement<Row>(
    database,
    (at) =>
      `SELECT name, ${idOf('parent')} AS parent_id, ${idOf('super_admin')} AS super_admin,
       ${idOf('technical_contact')} AS technical_contact, ${idOf('business_contact')} AS business_contact
       FROM accounts WHERE account = ${ACCOUNT} AND ${at('accounts')}`,
  );
  return ({ at }: GetAccount): AccountView => {
    const row = one.get(at);
    if (!row) throw new Rejection('client_not_found');
    const { name, parent_id, ...contacts } = row;
    return { id: at.account, name, parent_id, contacts };
  };
};
