import type { At } from './at.js';
import { MomentList, MomentStatement } from './moment-statement.js';
import type { Moment } from './moment.js';
import {
  permissionSources,
  requireReadable,
  sizeOfSources,
  type SourceRow,
  type SourcesSize,
} from './permission-sources.js';
import type { ViewsDatabase } from './views-database.js';

const USER = '?3';
const size = (at: At) => sizeOfSources(at, USER);
const sources = (at: At) => permissionSources(at, USER);

/** Reads all permissions that a user has from roles, groups and alone. */
export class PermissionReader {
  private readonly size: MomentStatement<SourcesSize>;
  private readonly rows: MomentList<SourceRow>;

  constructor(database: ViewsDatabase) {
    this.size = new MomentStatement(database, size);
    this.rows = new MomentList(database, sources);
  }

  /** The sources in no order. @param user its number @throws Rejection answer_too_large */
  of(at: Moment, user: number): SourceRow[] {
    requireReadable(this.size.get(at, user));
    return this.rows.all(at, user);
  }
}
