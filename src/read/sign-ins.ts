import type { Statement } from '../event-store/sqlite.js';
import { now } from './at.js';
import type { Principal } from './credentials.js';
import type { ViewsDatabase } from './views-database.js';

/** The facts that recording a user's next sign-in depends on. */
export interface SignInsView {
  readonly last_login: string | null;
  /** The number of recorded sign-ins. */
  readonly sign_ins: number;
}

export class RecordedSignIns {
  private readonly one: Statement<SignInsView>;

  constructor(database: ViewsDatabase) {
    this.one = database.prepare(
      `SELECT last_login, sign_ins FROM entities JOIN users ON user = number WHERE id = ? AND ${now('users')}`,
    );
  }

  /** Undefined when there is no such user. */
  of({ id }: Principal): SignInsView | undefined {
    return this.one.get(id);
  }
}
