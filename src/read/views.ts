import { Checkpoints } from './checkpoints.js';
import { Credentials } from './credentials.js';
import { Holdings } from './holdings.js';
import { Mails } from './mails.js';
import { Moments } from './moment.js';
import { Names } from './names.js';
import { PresentWebhooks } from './present-webhooks.js';
import { Answers } from './questions.js';
import { schema, schemaVersion } from './schema.js';
import { RecordedSignIns } from './sign-ins.js';
import { Stamps } from './stamps.js';
import { Commands } from './tables/commands.js';
import { Counts } from './tables/counts.js';
import { Entities } from './tables/entities.js';
import { addBuiltInRoles } from './tables/roles.js';
import { Tree } from './tree.js';
import { ViewsDatabase } from './views-database.js';

/** How much memory answers may take that are remembered, in bytes, where nobody says. */
const REMEMBERED_BYTES = 8 * 1024 * 1024;

/** The tables on one database, and the lookups on them that are not queries. */
export class Views {
  readonly checkpoints: Checkpoints;
  readonly moments: Moments;
  readonly entities: Entities;
  readonly counts: Counts;
  readonly commands: Commands;
  readonly stamps: Stamps;
  readonly tree: Tree;
  readonly credentials: Credentials;
  readonly holdings: Holdings;
  readonly signIns: RecordedSignIns;
  readonly mails: Mails;
  readonly names: Names;
  readonly webhooks: PresentWebhooks;
  readonly answers: Answers;

  private constructor(
    readonly database: ViewsDatabase,
    remembered: number,
  ) {
    const share = Math.floor(remembered / 4);
    this.stamps = new Stamps(database);
    this.checkpoints = new Checkpoints(database);
    this.entities = new Entities(database);
    this.counts = new Counts(database);
    this.commands = new Commands(database);
    this.moments = new Moments(this.checkpoints, this.commands);
    this.tree = new Tree(database, this.stamps, share);
    this.credentials = new Credentials(database, this.stamps, share);
    this.holdings = new Holdings(database, this.moments, this.stamps, 2 * share);
    this.signIns = new RecordedSignIns(database);
    this.mails = new Mails(database);
    this.names = new Names(database);
    this.webhooks = new PresentWebhooks(database);
    this.answers = new Answers(database);
    addBuiltInRoles(this);
  }

  /**
   * Opens the views in a file. It makes fresh ones when the file is missing, damaged or of another version.
   * @param remembered how much memory answers may take that are asked for again and again, in bytes, about
   */
  static open(path: string, remembered = REMEMBERED_BYTES): Views {
    return new Views(ViewsDatabase.open(path, schema, schemaVersion()), remembered);
  }

  clear(): void {
    this.database.clear(schema);
    addBuiltInRoles(this);
  }
}
