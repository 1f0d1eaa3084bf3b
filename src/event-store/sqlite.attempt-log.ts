import type { AttemptBatch, AttemptLog, AttemptRange, KeptAttempt } from './attempt-log.js';
import { AttemptTables } from './attempt-tables.js';
import { StoreUnavailable } from './event-store.js';
import { explain } from './sqlite-failure.js';

/** Attempts in an SQLite file of their own, or in memory. One process has the file open. */
export class SqliteAttemptLog implements AttemptLog {
  private tables: AttemptTables | undefined;

  /**
   * @param path of the file, or `:memory:`; the file is opened at its first use
   * @param logId identifies the log that the attempts stand beside
   */
  constructor(
    private readonly path: string,
    private readonly logId: () => Promise<string>,
  ) {}

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

  sources(_account: string, commandIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve().then(() => this.work((tables) => tables.sources(commandIds)));
  }

  prune(before: number): Promise<boolean> {
    return Promise.resolve().then(() => this.work((tables) => tables.prune(before)));
  }

  close(): Promise<void> {
    this.tables?.close();
    this.tables = undefined;
    return Promise.resolve();
  }

  /** @throws StoreUnavailable */
  work<Result>(what: (tables: AttemptTables) => Result): Result {
    try {
      this.tables ??= AttemptTables.open(this.path);
      return what(this.tables);
    } catch (error) {
      throw new StoreUnavailable(`${this.path} cannot be used: ${explain(error)}`, { cause: error });
    }
  }
}
