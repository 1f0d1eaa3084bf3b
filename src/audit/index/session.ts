import { LRUCache } from 'lru-cache';
import type { AccountEventRecord } from '../../event-store/codec.js';
import type { AuditDatabase } from './audit-database.js';
import { AuditTables, type IndexedAccount } from './audit-tables.js';
import { type EntryOf, Indexer, type IndexParts } from './indexer.js';
import { Names } from './names.js';
import { OpenBlocks } from './open-blocks.js';
import { type FoldedState, States } from './states.js';
import { Texts } from './texts.js';

/** Of how many accounts it is remembered how far they are indexed. */
const MOST_ACCOUNTS = 10_000;
/** Open blocks may take a fourth of what the states of accounts may, and at least this. */
const LEAST_BYTES_OF_BLOCKS = 8 * 1024 * 1024;

/** An opened database with all that is in memory for it. After a failure of the file all of that is given up. */
export class Session implements IndexParts {
  readonly tables: AuditTables;
  readonly texts: Texts;
  readonly names: Names;
  readonly blocks: OpenBlocks;
  readonly states: States;
  private readonly indexer: Indexer;
  private readonly accounts = new LRUCache<string, IndexedAccount>({ max: MOST_ACCOUNTS });

  /**
   * @param entryOf makes the entry of an event
   * @param mostBytes how much memory the states of accounts may take
   * @param mostBytesOfBlocks how much their open blocks may take
   */
  constructor(
    readonly database: AuditDatabase,
    entryOf: EntryOf,
    readonly mostBytes: number,
    mostBytesOfBlocks = Math.max(Math.floor(mostBytes / 4), LEAST_BYTES_OF_BLOCKS),
  ) {
    this.states = new States(mostBytes);
    this.tables = new AuditTables(database);
    this.texts = new Texts(database);
    this.names = new Names(database);
    this.blocks = new OpenBlocks(database, this.tables, this.texts, mostBytesOfBlocks);
    this.indexer = new Indexer(this, entryOf);
  }

  /** The account as it is indexed; one that is not yet has no entries. */
  account(id: string): IndexedAccount {
    const known = this.accounts.get(id) ?? this.tables.account(id);
    if (!known) this.database.begin();
    const account = known ?? this.tables.addAccount(id);
    this.accounts.set(id, account);
    return account;
  }

  /** Indexes the next events of an account. */
  add(id: string, folded: FoldedState, records: readonly AccountEventRecord[]): void {
    const account = this.account(id);
    try {
      this.indexer.add(account, folded, records);
    } finally {
      this.accounts.delete(id);
      this.blocks.weigh(account.number);
    }
  }

  /** Forgets an account, so that it is indexed from its first event. */
  drop(id: string): void {
    const account = this.account(id);
    this.database.begin();
    this.tables.drop(account);
    this.blocks.drop(account.number);
    this.states.drop(id);
    this.accounts.delete(id);
  }
}
