import { Rejection } from '../../domain/rejection.js';
import type { AuditCount, AuditPage, ExportChunk, FoldedEntry, ShownEntry } from '../answers.js';
import type { Order } from '../audit-query.js';
import { historyOf, readCursor, writeCursor } from '../cursor.js';
import type { Cause } from '../past/cause.js';
import type { AuditQuestion, Matches, Thing } from '../question.js';
import { AccountBlocks } from './account-blocks.js';
import type { IndexedAccount } from './audit-tables.js';
import type { IndexParts } from './indexer.js';
import { Pace } from './pace.js';
import { Rows } from './rows.js';
import { Selection } from './selection.js';
import { Statistics } from './statistics.js';
import { term } from './terms.js';

/** A piece of an export ends with so many rows: other requests wait while the thread that serves them sends it. */
const MOST_EXPORTED = 100;
/** It ends earlier when it has so many characters. */
const MOST_CHARACTERS = 1_000_000;
const READ_AT_ONCE = 25;
/** A page ends with so many bytes of entries. */
const MOST_PAGE_BYTES = 4 * 1024 * 1024;
/** How many entries are looked through in one go. */
const LOOKED_THROUGH = 500;

type Asked<Kind extends AuditQuestion['kind']> = Extract<AuditQuestion, { kind: Kind }>;

/** Answers what is asked of one account, which is indexed as far as the question's moment at least. */
export class Answering {
  private readonly blocks: AccountBlocks;
  private readonly rows: Rows;
  private readonly pace: Pace;

  constructor(
    private readonly parts: IndexParts,
    account: () => IndexedAccount,
    signal?: AbortSignal,
  ) {
    this.blocks = new AccountBlocks(parts.tables, parts.blocks, account);
    this.rows = new Rows(this.blocks);
    this.pace = new Pace(signal);
  }

  /** @throws Rejection, or the signal's reason */
  async to(question: AuditQuestion): Promise<unknown> {
    switch (question.kind) {
      case 'page':
        return this.page(question);
      case 'entry':
        return this.entry(question);
      case 'causes':
        return this.causes(question);
      case 'subjects':
        return this.subjects(question);
      case 'history':
        return this.history(question);
      case 'stats':
        return this.stats(question);
      case 'matches':
        return this.matches(question);
      case 'export':
        return this.chunk(question);
    }
  }

  private page({ at, now, query, paging: { limit, cursor } }: Asked<'page'>): Promise<AuditPage> {
    const { order, fold } = query;
    const identity = [at.account, query];
    const place = cursor === undefined ? undefined : readCursor(cursor, identity);
    const head = this.headOf(place?.head ?? at.revision, order, at.revision);
    const selection = Selection.of(query, this.blocks, head, now);
    const rest = place ? selection.beyond(order, place.revision, head) : selection;
    const rowsOf = (revisions: readonly number[]) =>
      fold
        ? revisions.flatMap((one) => this.rows.folded(one, at.revision) ?? [])
        : this.rows.shown(revisions);
    return this.collect(rest, order, limit, { head, identity, rowsOf, isFolded: fold !== undefined });
  }

  private history({ at, thing, paging }: Asked<'history'>): Promise<AuditPage> {
    const identity = historyOf(at.account, thing);
    const place = paging.cursor === undefined ? undefined : readCursor(paging.cursor, identity);
    const head = this.headOf(place?.head ?? at.revision, 'desc', at.revision);
    const about = term(thing.type, thing.id);
    const selection = Selection.over({ kind: 'term', term: about }, this.blocks, { from: 0, to: head });
    const rest = place ? selection.beyond('desc', place.revision, head) : selection;
    const rowsOf = (revisions: readonly number[]) =>
      revisions.flatMap((one) => this.rows.about(thing, one) ?? []);
    return this.collect(rest, 'desc', paging.limit, { head, identity, rowsOf, isFolded: false });
  }

  private causes({ revisions }: Asked<'causes'>): Cause[] {
    return this.rows.shown(revisions).map(({ revision, time, actor: by, reason }) => ({
      ...{ revision, time, by, reason },
    }));
  }

  /** Whatever the entries after a revision are about, each thing once. */
  private async subjects({ at, after }: Asked<'subjects'>): Promise<Thing[]> {
    const things = new Map<string, Thing>();
    for (let from = after + 1; from <= at.revision; from += LOOKED_THROUGH) {
      const count = Math.min(LOOKED_THROUGH, at.revision + 1 - from);
      for (const row of this.rows.whole(Array.from({ length: count }, (_, one) => from + one)))
        for (const { type, id } of (JSON.parse(row) as ShownEntry).subjects)
          things.set(`${type} ${id}`, { type, id });
      await this.pace.breath();
    }
    return [...things.values()];
  }

  private async matches({ at, now, query, after, limit }: Asked<'matches'>): Promise<Matches> {
    const whole = Selection.of(query, this.blocks, at.revision, now);
    const { revisions, last, isEnd } = await this.take(
      whole.beyond('asc', after, at.revision),
      'asc',
      limit,
      false,
    );
    return { revisions, next: isEnd ? at.revision : last };
  }

  private entry({ at, revision }: Asked<'entry'>): ShownEntry | null {
    return (revision <= at.revision && this.rows.shown([revision])[0]) || null;
  }

  private async stats({ at, now, query, by }: Asked<'stats'>): Promise<AuditCount[]> {
    const statistics = new Statistics(this.blocks, this.parts.texts, by);
    for (const block of Selection.of(query, this.blocks, at.revision, now).blocks('desc')) {
      if (block) statistics.add(block);
      await this.pace.breath();
    }
    return statistics.result();
  }

  /** Another piece of an export; `next` is where to go on, null at its end. */
  private async chunk({ at, now, query, after: place }: Asked<'export'>): Promise<ExportStep> {
    const { order, fold } = query;
    const whole = Selection.of(query, this.blocks, at.revision, now);
    const rest = place ? whole.beyond(order, place.revision, at.revision) : whole;
    const found = await this.take(rest, order, MOST_EXPORTED, fold !== undefined);
    if (!fold) return this.wholeRows(found);
    const { revisions } = found;
    const rows: FoldedEntry[] = [];
    for (const revision of revisions) {
      const row = this.rows.folded(revision, at.revision, Infinity);
      if (row) rows.push(row);
      await this.pace.breath();
    }
    return {
      rows: rows.map((row) => JSON.stringify(row)),
      revisions: rows.map(({ revision }) => revision),
      next: nextOf(found),
    };
  }

  /** As many rows as do not take too much memory, one at least if there is any. */
  private wholeRows({ revisions, last, isEnd }: Taken): ExportStep {
    const rows: string[] = [];
    for (let length = 0, from = 0; from < revisions.length; from += READ_AT_ONCE) {
      const some = this.rows.whole(revisions.slice(from, from + READ_AT_ONCE));
      rows.push(...some);
      length += some.reduce((sum, row) => sum + row.length, 0);
      if (length > MOST_CHARACTERS && rows.length < revisions.length) {
        const taken = revisions.slice(0, rows.length);
        return { rows, revisions: taken, next: { revision: taken.at(-1) ?? last } };
      }
    }
    return { rows, revisions, next: nextOf({ revisions, last, isEnd }) };
  }

  private async collect(
    selection: Selection,
    order: Order,
    limit: number,
    { head, identity, rowsOf, isFolded }: Collecting,
  ): Promise<AuditPage> {
    const taken = await this.take(selection, order, limit, isFolded);
    const { revisions, last, isEnd } = this.fitting(taken, order, isFolded);
    const entries = rowsOf(revisions);
    return { entries, next_cursor: isEnd ? null : writeCursor({ revision: last, head }, identity) };
  }

  /** The next revisions, one a command where it is folded. */
  private async take(selection: Selection, order: Order, most: number, isFolded: boolean): Promise<Taken> {
    const revisions: number[] = [];
    let last = -1;
    for (const revision of selection.revisions(order)) {
      if (this.pace.isOver) await this.pace.breath();
      if (revision === undefined) continue;
      if (isFolded && last !== -1 && (order === 'desc' ? revision >= last : revision <= last)) continue;
      if (revisions.length === most) return { revisions, last, isEnd: false };
      revisions.push(revision);
      last = isFolded ? this.endOfCommand(revision, order) : revision;
    }
    return { revisions, last, isEnd: true };
  }

  /** As many of the revisions as do not make too large a page, one at least if there is any. */
  private fitting(taken: Taken, order: Order, isFolded: boolean): Taken {
    let bytes = 0;
    const over = taken.revisions.findIndex((revision, place) => {
      const { first = revision, count = 1 } = (isFolded && this.blocks.row(revision)) || {};
      bytes += this.blocks.bytes(first, first + count - 1);
      return place > 0 && bytes > MOST_PAGE_BYTES;
    });
    if (over === -1) return taken;
    const revisions = taken.revisions.slice(0, over);
    const [end = -1] = revisions.slice(-1);
    return { revisions, last: isFolded ? this.endOfCommand(end, order) : end, isEnd: false };
  }

  /** The last revision of a command that a walk in an order comes to. */
  private endOfCommand(revision: number, order: Order): number {
    const row = this.blocks.row(revision);
    if (!row) return revision;
    return order === 'desc' ? row.first : row.first + row.count - 1;
  }

  /** A cursor that is ahead of the log was made by no walk through it. */
  private headOf(head: number, order: Order, now: number): number {
    if (head > now) throw new Rejection('unavailable', 'The log is not read as far as this cursor yet');
    return order === 'desc' ? head : now;
  }
}

interface Collecting {
  readonly head: number;
  readonly identity: unknown;
  readonly rowsOf: (revisions: readonly number[]) => readonly (ShownEntry | FoldedEntry)[];
  readonly isFolded: boolean;
}

interface Taken {
  readonly revisions: readonly number[];
  /** The last revision that counts as seen; -1 for none. */
  readonly last: number;
  readonly isEnd: boolean;
}

/** A chunk, and where to go on; null at the end. */
export interface ExportStep extends ExportChunk {
  readonly next: { readonly revision: number } | null;
}

function nextOf({ last, isEnd }: Taken): ExportStep['next'] {
  return isEnd ? null : { revision: last };
}
