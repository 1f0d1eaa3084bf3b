import { Injectable } from '@nestjs/common';
import { Clock } from '../../application/clock.js';
import { answered } from '../../application/unavailable.js';
import { Rejection } from '../../domain/rejection.js';
import type { AttemptKey, AttemptRange, KeptAttempt } from '../../event-store/attempt-log.js';
import { within } from '../../event-store/within.js';
import type { NamedMoment } from '../range.js';
import type { Attempt, AttemptAnswers, AttemptPage, AttemptPlace, AttemptQuery, Source } from './attempt.js';
import { passes } from './attempt-filter.js';
import { AttemptJournal } from './attempt-journal.js';
import type { TriedAttempt } from './flood.js';

const NOT_NOW = 'What was tried cannot be read right now; try again shortly';
const EVER = Number.MAX_SAFE_INTEGER;
/** How long a question waits for this instance's own notes to be kept, in milliseconds. */
const FLUSH_PATIENCE_MS = 1_000;

/** Answers from the attempts journal of all instances. */
@Injectable()
export class Attempts implements AttemptAnswers {
  constructor(
    private readonly journal: AttemptJournal,
    private readonly clock: Clock,
  ) {}

  async page(
    account: string,
    query: AttemptQuery,
    { limit, after }: { readonly limit: number; readonly after?: AttemptPlace },
    signal?: AbortSignal,
  ): Promise<AttemptPage> {
    const attempts: Attempt[] = [];
    return answered(async () => {
      for await (const attempt of this.found(account, query, after, signal)) {
        if (attempts.length === limit) return { attempts, hasMore: true };
        attempts.push(attempt);
      }
      return { attempts, hasMore: false };
    }, NOT_NOW);
  }

  async each(
    account: string,
    query: AttemptQuery,
    take: (attempt: Attempt) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    await answered(async () => {
      for await (const attempt of this.found(account, query, undefined, signal)) take(attempt);
    }, NOT_NOW);
  }

  async sourcesOf(account: string, commandIds: readonly string[]): Promise<ReadonlyMap<string, Source>> {
    const { log } = this.journal;
    if (!log || commandIds.length === 0) return new Map();
    // First, as what is kept meanwhile is found there then.
    const waiting = this.journal.sourcesOf(commandIds);
    const kept = await answered(() => log.sources(account, commandIds), NOT_NOW);
    return new Map([...kept, ...waiting].map(([id, source]) => [id, JSON.parse(source) as Source]));
  }

  private async *found(
    account: string,
    query: AttemptQuery,
    after: AttemptPlace | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Attempt> {
    const range = rangeOf(query, this.clock.now());
    const { log } = this.journal;
    if (!log) return;
    if (this.journal.hasAttempts(account)) await this.ownNotes();
    for await (const page of log.read(account, { ...range, after: after && keyOf(after) })) {
      signal?.throwIfAborted();
      for (const attempt of page.map(triedIn))
        if (query.outcomes.includes(attempt.outcome) && passes(attempt, query.filters)) yield shown(attempt);
    }
  }

  /** Has what this instance has noted by now among the answers, if the store takes it. */
  private async ownNotes(): Promise<void> {
    await within(FLUSH_PATIENCE_MS, this.journal.flush(), () => new Error()).catch(() => undefined);
  }
}

/** @throws Rejection bad_request */
function rangeOf({ from, to, order }: AttemptQuery, now: number): AttemptRange {
  const [times, revisions] = [timesIn(from, to), revisionsIn(from, to)];
  if (times[0] > times[1] || revisions[0] > revisions[1])
    throw new Rejection('bad_request', '"from" is after "to"');
  if (times[0] > now) throw new Rejection('bad_request', '"from" is in the future');
  return { order, times, revisions };
}

function timesIn(from?: NamedMoment, to?: NamedMoment): AttemptRange['times'] {
  return [from && 'time' in from ? from.time : 0, to && 'time' in to ? to.time : EVER];
}

function revisionsIn(from?: NamedMoment, to?: NamedMoment): AttemptRange['revisions'] {
  return [from && 'revision' in from ? from.revision : -1, to && 'revision' in to ? to.revision : EVER];
}

function keyOf({ time, at, id }: AttemptPlace): AttemptKey {
  return { time: Date.parse(time), at, id };
}

/** An attempt as it was kept, with the door that it came to. */
export function triedIn({ id, time, at, data }: KeptAttempt): TriedAttempt & Pick<Attempt, 'repeated'> {
  const rest = JSON.parse(data) as Omit<TriedAttempt & Attempt, keyof AttemptKey>;
  return { id, time: new Date(time).toISOString(), at, ...rest };
}

/** As readers of the audit log see it. */
export function shown({ via: _, ...attempt }: TriedAttempt & Pick<Attempt, 'repeated'>): Attempt {
  return attempt;
}
