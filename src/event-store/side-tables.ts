import { RevisionConflict, StoreUnavailable } from './event-store.js';
import { explain } from './sqlite-failure.js';

/** Tables in an SQLite file beside the log, or in memory. One process has the file open. */
export class SideTables<Tables extends { close(): void }> {
  private tables: Tables | undefined;

  /**
   * @param path of the file, or `:memory:`; the file is opened at its first use
   * @param open opens it @throws Error of SQLite or the system
   */
  constructor(
    private readonly path: string,
    private readonly open: (path: string) => Tables,
  ) {}

  /** @throws StoreUnavailable, or RevisionConflict as the work does */
  work<Result>(what: (tables: Tables) => Result): Result {
    try {
      this.tables ??= this.open(this.path);
      return what(this.tables);
    } catch (error) {
      if (error instanceof RevisionConflict) throw error;
      throw new StoreUnavailable(`${this.path} cannot be used: ${explain(error)}`, { cause: error });
    }
  }

  close(): Promise<void> {
    this.tables?.close();
    this.tables = undefined;
    return Promise.resolve();
  }

  /** As {@link work}, behind what runs now. */
  protected later<Result>(what: (tables: Tables) => Result): Promise<Result> {
    return Promise.resolve().then(() => this.work(what));
  }
}
