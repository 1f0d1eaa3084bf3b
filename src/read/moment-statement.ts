import type { Statement, Value } from '../event-store/sqlite.js';
import { type At, now, past } from './at.js';
import type { Moment } from './moment.js';
import { RowList } from './row-list.js';
import type { ViewsDatabase } from './views-database.js';

/**
 * One text for what holds now and for what held at any revision. In it `?1` is the moment's revision and `?2`
 * the number of its account. The question's own parameters follow as `?3` and so on.
 */
type Text = (at: At) => string;

/** A statement that is prepared for the present at once, and for the past at its first use there. */
class Prepared<Statement> {
  private readonly now: Statement;
  private then: Statement | undefined;

  constructor(
    private readonly text: Text,
    private readonly prepare: (sql: string) => Statement,
  ) {
    this.now = prepare(text(now));
  }

  at({ isPast }: Moment): Statement {
    return isPast ? (this.then ??= this.prepare(this.text(past))) : this.now;
  }
}

/** Selects one row. */
export class MomentStatement<Row> {
  private readonly prepared: Prepared<Statement<Row>>;

  constructor(database: ViewsDatabase, text: Text) {
    this.prepared = new Prepared(text, (sql) => database.prepare<Row>(sql));
  }

  get(at: Moment, ...parameters: Value[]): Row | undefined {
    return this.prepared.at(at).get(at.revision, at.number, ...parameters);
  }
}

/** Selects a list. */
export class MomentList<Row> {
  private readonly prepared: Prepared<RowList<Row>>;

  constructor(database: ViewsDatabase, text: Text) {
    this.prepared = new Prepared(text, (sql) => new RowList<Row>(database, sql));
  }

  all(at: Moment, ...parameters: Value[]): Row[] {
    return this.prepared.at(at).all(at.revision, at.number, ...parameters);
  }
}
