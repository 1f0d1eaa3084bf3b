import type { ArrivedAttempt, AttemptBatch, AttemptLog, AttemptRange, KeptAttempt } from './attempt-log.js';
import { AttemptTables } from './attempt-tables.js';
import { SideTables } from './side-tables.js';

/** Attempts in an SQLite file of their own, or in memory. */
export class SqliteAttemptLog extends SideTables<AttemptTables> implements AttemptLog {
  /**
   * @param path of the file, or `:memory:`; the file is opened at its first use
   * @param logId identifies the log that the attempts stand beside
   */
  constructor(
    path: string,
    private readonly logId: () => Promise<string>,
  ) {
    super(path, (at) => AttemptTables.open(at));
  }

  async append(account: string, batch: AttemptBatch): Promise<void> {
    const log = await this.logId();
    this.work((tables) => tables.add(log, account, batch));
  }

  async *read(account: string, range: AttemptRange): AsyncIterable<readonly KeptAttempt[]> {
    const log = await this.logId();
    for (let after = range.after; ;) {
      const page = this.work((tables) => tables.page(log, account, range, after));
      if (page.length === 0) return;
      yield page;
      after = page.at(-1);
      await new Promise(setImmediate);
    }
  }

  async arrivals(account: string, after: number, limit: number): Promise<readonly ArrivedAttempt[]> {
    const log = await this.logId();
    return this.work((tables) => tables.arrivals(log, account, after, limit));
  }

  sources(_account: string, commandIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.later((tables) => tables.sources(commandIds));
  }

  prune(before: number): Promise<boolean> {
    return this.later((tables) => tables.prune(before));
  }
}
