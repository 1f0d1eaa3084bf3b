import { type AccountState, evolveForGood } from '../../domain/account-state.js';
import type { AccountEventRecord } from '../../event-store/codec.js';
import type { Entry, ForeignNames } from '../entry.js';
import { givenName } from '../given-names.js';
import { type AuditDatabase, isOfDatabase } from './audit-database.js';
import type { AuditTables, IndexedAccount } from './audit-tables.js';
import type { Names } from './names.js';
import type { OpenBlocks } from './open-blocks.js';
import type { FoldedState } from './states.js';
import { textsOfEntry } from './stored-entry.js';
import type { Texts } from './texts.js';

/** Makes the entry of an event. @param before the state of the account before it */
export type EntryOf = (before: AccountState, record: AccountEventRecord, names: ForeignNames) => Entry;

/** What an index consists of. */
export interface IndexParts {
  readonly database: AuditDatabase;
  readonly tables: AuditTables;
  readonly texts: Texts;
  readonly names: Names;
  readonly blocks: OpenBlocks;
}

/** Takes events into the index. */
export class Indexer {
  constructor(
    private readonly parts: IndexParts,
    private readonly entryOf: EntryOf,
  ) {}

  /**
   * Takes the next events of an account, in order, and brings its state on. After an error the events before it are taken.
   * @param folded the account's state before them
   * @returns the account as it is indexed now
   */
  add(account: IndexedAccount, folded: FoldedState, records: readonly AccountEventRecord[]): IndexedAccount {
    const { database, tables } = this.parts;
    database.begin();
    let now = account;
    try {
      for (const record of records) now = this.addOne(now, folded, record);
    } catch (error) {
      // SQLite may have undone all of it; what is written now would be durable without the rest.
      if (!isOfDatabase(error)) tables.advance(now);
      throw error;
    }
    tables.advance(now);
    return now;
  }

  private addOne(account: IndexedAccount, folded: FoldedState, record: AccountEventRecord): IndexedAccount {
    const { tables, texts, names, blocks } = this.parts;
    const { id, revision, metadata } = record;
    const { number } = account;
    const entry = this.entryOf(folded.state, record, names);
    fold(folded, record);
    const latest = Math.max(account.latest, Date.parse(metadata.time));
    const { rests, ...stored } = textsOfEntry(entry);
    const block = blocks.of(account);
    tables.addEntry(
      number,
      { ...stored, revision, latest, first: revision - metadata.index, count: metadata.count },
      rests,
    );
    block.add(entry, texts.numberOf);
    const name = givenName(record);
    if (name) names.add(number, name, revision, latest);
    blocks.added(number, block);
    return { ...account, revision, event_id: id, latest };
  }
}

/** Brings a state on by one event. */
export function fold(folded: FoldedState, record: AccountEventRecord): void {
  evolveForGood(folded.state, record);
  folded.revision = record.revision;
}
