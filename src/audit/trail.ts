import { Injectable } from '@nestjs/common';
import { Rejection } from '../domain/rejection.js';
import type { AuditPage, FoldedEntry, ShownEntry } from './answers.js';
import type { Attempt, Source } from './attempts/attempt.js';
import { Attempts } from './attempts/attempts.js';
import { AuditLog } from './audit-log.js';
import type { AuditMoment, AuditPaging, AuditQuery, Order } from './audit-query.js';
import { sealed, writeCursor } from './cursor.js';
import type { DoneRow, TrailRow } from './trail-row.js';
import { mergedRows, type TrailPlace, trailPlaceIn } from './trail-place.js';
import { attemptsIn, requireRange, type TrailQuestion } from './trail-question.js';

export interface TrailPage {
  readonly entries: readonly TrailRow[];
  readonly next_cursor: string | null;
}

const PIECE = 500;

/** What was done in an account, from its log, and what was tried, from the attempts journal. */
@Injectable()
export class Trail {
  constructor(
    private readonly audit: AuditLog,
    private readonly attempts: Attempts,
  ) {}

  /** @throws Rejection bad_request, unavailable, account_unreadable; the signal's reason */
  async page(asked: TrailQuestion, paging: AuditPaging, signal?: AbortSignal): Promise<TrailPage> {
    const { at, outcome, query } = asked;
    if (outcome === 'succeeded')
      return this.withSources(await this.audit.page(at, query, paging, signal), at);
    await requireRange(this.audit, asked, signal);
    const place = trailPlaceIn(paging.cursor, identityOf(asked), {
      ...{ head: at.revision, done: outcome === 'any' ? {} : null, tried: {} },
    });
    const { rows, next } = await this.take(asked, place, paging.limit, signal);
    return { entries: rows, next_cursor: next && sealed(next, identityOf(asked)) };
  }

  async entry(at: AuditMoment, revision: number): Promise<DoneRow | undefined> {
    const entry = await this.audit.entry(at, revision);
    return entry && (await this.sourced([entry], at))[0];
  }

  /** Adds where the entries of a page came from, by the journals of the accounts that they may be of. */
  async withSources({ entries, next_cursor }: AuditPage, ...accounts: AuditMoment[]): Promise<TrailPage> {
    return { entries: await this.sourced(entries, ...accounts), next_cursor };
  }

  /** All rows in pieces, each as JSON. */
  async *export(asked: TrailQuestion, signal?: AbortSignal) {
    if (asked.outcome === 'succeeded') {
      for await (const { rows, revisions } of this.audit.export(asked.at, asked.query, signal))
        yield { rows: await this.sourcedTexts(asked.at.account, rows), revisions };
      return;
    }
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page: TrailPage = await this.page(asked, { limit: PIECE, ...(cursor ? { cursor } : {}) }, signal);
      signal?.throwIfAborted();
      const revisions = page.entries.flatMap(({ revision }) => revision ?? []);
      yield { rows: page.entries.map((row) => JSON.stringify(row)), revisions };
      cursor = page.next_cursor;
    }
  }

  /** The next rows of what was done and what was tried, by time. */
  private async take(
    { at, outcome, query }: TrailQuestion,
    { head, done, tried }: TrailPlace,
    limit: number,
    signal?: AbortSignal,
  ): Promise<{ readonly rows: readonly TrailRow[]; readonly next: TrailPlace | null }> {
    const tries = { ...query, outcomes: attemptsIn(outcome) };
    const [ofLog, ofJournal] = await Promise.all([
      done && this.audit.page(at, query, { limit, ...cursorOf(at, query, head, done.after) }, signal),
      tried && this.attempts.page(at.account, tries, { limit, ...tried }, signal),
    ]);
    const entries = ofLog ? await this.sourced(ofLog.entries, at) : [];
    const hasMore = ofLog !== null && ofLog.next_cursor !== null;
    const merged = mergedRows(entries, ofJournal?.attempts ?? [], query.order, limit, hasMore);
    const [lastDone, lastTried] = [merged.done.at(-1), merged.tried.at(-1)];
    const isDone = !ofLog || (merged.done.length === entries.length && ofLog.next_cursor === null);
    const isTried = !ofJournal || (merged.tried.length === ofJournal.attempts.length && !ofJournal.hasMore);
    const next: TrailPlace = {
      head,
      done: isDone ? null : lastDone ? { after: endOf(lastDone, query.order) } : done,
      tried: isTried ? null : lastTried ? { after: placeOf(lastTried) } : tried,
    };
    return { rows: merged.rows, next: isDone && isTried ? null : next };
  }

  private async sourced(
    entries: readonly (ShownEntry | FoldedEntry)[],
    ...accounts: AuditMoment[]
  ): Promise<DoneRow[]> {
    const ids = entries.map(({ command_id }) => command_id);
    const found = await Promise.all(accounts.map(({ account }) => this.sourcesOf(account, ids)));
    return entries.map((entry) => {
      const { revision, time, ...rest } = entry;
      const sources = found.flatMap((one) => one.get(entry.command_id) ?? []);
      return { revision, time, outcome: 'succeeded', ...rest, source: sources[0] ?? null };
    });
  }

  /** As {@link sourced}, of entries that are JSON. They are passed on without being parsed. */
  private async sourcedTexts(account: string, rows: readonly string[]): Promise<string[]> {
    const ids = rows.map((row) => /"command_id":"([^"]+)"/.exec(row)?.[1] ?? '');
    const sources = await this.sourcesOf(account, ids);
    return rows.map((row, index) => {
      const source = JSON.stringify(sources.get(ids[index] ?? '') ?? null);
      return `${row.slice(0, -1)},"outcome":"succeeded","source":${source}}`;
    });
  }

  /** Where commands came from. Entries are shown without it while that cannot be read. */
  private async sourcesOf(
    account: string,
    commandIds: readonly string[],
  ): Promise<ReadonlyMap<string, Source>> {
    try {
      return await this.attempts.sourcesOf(account, [...new Set(commandIds)]);
    } catch (error) {
      if (error instanceof Rejection) return new Map();
      throw error;
    }
  }
}

/** The cursor behind a revision; at its beginning a walk backwards keeps to what there was then. */
function cursorOf({ account }: AuditMoment, query: AuditQuery, head: number, after?: number) {
  if (after === undefined && query.order === 'asc') return {};
  return { cursor: writeCursor({ revision: after ?? head + 1, head }, [account, query]) };
}

/** The last revision of a row that a walk in an order comes to. */
function endOf(row: DoneRow, order: Order): number {
  const [first = row.revision] = 'revisions' in row ? row.revisions : [];
  return order === 'desc' ? first : row.revision;
}

function placeOf({ time, at, id }: Attempt) {
  return { time, at, id };
}

function identityOf({ at, outcome, query }: TrailQuestion): unknown {
  return [at.account, outcome, query];
}
