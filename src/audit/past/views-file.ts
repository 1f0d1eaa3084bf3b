import { type Database, openDatabase, prepare } from '../../event-store/sqlite.js';
import type { Reader } from '../../read/grants.js';
import type { ViewsSource } from './past.js';

/** The file of the views, which another thread writes. */
export class ViewsFile implements ViewsSource {
  private database: Database | undefined;

  constructor(private readonly path: string) {}

  open(): Reader {
    const database = (this.database ??= openDatabase(this.path, { readOnly: true }));
    return { prepare: (sql) => prepare(database, sql) };
  }

  close(): void {
    this.database?.close();
    this.database = undefined;
  }
}
