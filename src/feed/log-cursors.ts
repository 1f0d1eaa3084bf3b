import { readable } from '../application/unavailable.js';
import { type Head, Rejection, type Resume } from '../domain/rejection.js';
import { accountOf, accountStreams } from '../event-store/codec.js';
import type { EventStore, Position } from '../event-store/event-store.js';
import type { Views } from '../read/views.js';
import type { Families } from './families.js';
import { cursorIn, LOG_BEGIN, type LogPlace, markOf, placeOf, textOfCursor } from './log-cursor.js';

/** The cursors of this log, as readers have them who follow a company with all its clients. */
export class LogCursors {
  constructor(
    private readonly store: Pick<EventStore, 'logId' | 'idAt' | 'readAll'>,
    private readonly views: Pick<Views, 'checkpoints' | 'tree'>,
    private readonly families: Pick<Families, 'companyOf'>,
  ) {}

  /** What makes cursors of places in this log. @throws Rejection unavailable */
  async writer(): Promise<(place: LogPlace) => string> {
    const log = await readable(() => this.store.logId());
    return ({ position, mark }) => textOfCursor({ log, position, mark });
  }

  /**
   * The place at which a reader's cursor stands, the beginning of the log without one.
   * @throws Rejection bad_request, cursor_expired, unavailable
   */
  async placeIn(text: string | undefined, company: string): Promise<LogPlace> {
    if (text === undefined) return LOG_BEGIN;
    const cursor = cursorIn(text);
    if (!cursor) throw noCursor();
    const isOfThisLog = cursor.log === (await readable(() => this.store.logId()));
    if (isOfThisLog && !this.isWritten(cursor)) throw noCursor();
    if (isOfThisLog && (await readable(() => this.has(cursor)))) return cursor;
    throw new Rejection('cursor_expired', undefined, { resume: await this.resumeOf(company) });
  }

  /** Whether the log has the event that a place is behind of. A log that was restored may have another one there. */
  async holds({ position, mark }: LogPlace): Promise<boolean> {
    if (position === '' || mark === '') return true;
    const id = await this.store.idAt(position);
    return id !== undefined && markOf(id) === mark;
  }

  /** Where a reader's cursor does not tell the event, there has to be one; EventStoreDB has places without. */
  private async has(place: LogPlace): Promise<boolean> {
    if (place.position === '' || place.mark !== '') return this.holds(place);
    return isPair(place.position) || (await this.store.idAt(place.position)) !== undefined;
  }

  /** Whether a position is written as those of this log are: a number, or two in EventStoreDB. */
  private isWritten({ position }: LogPlace): boolean {
    const known = this.views.checkpoints.position;
    return position === '' || isPair(position) === isPair(known ?? position);
  }

  private resumeOf(company: string): Promise<Resume> {
    return readable(async () => {
      const { tree, checkpoints } = this.views;
      // What the views show now was in the log before it is read below.
      const from = checkpoints.position;
      const heads = new Map(tree.headsOf(company).map(({ account, revision }) => [account, revision]));
      const place = await this.advance(company, from, heads);
      const positions: Head[] = [...heads].map(([account, revision]) => ({ account, revision }));
      return { cursor: (await this.writer())(place), positions };
    });
  }

  /** Reads on to the end of what is known of the log, and moves the heads along. */
  private async advance(company: string, from = '', heads: Map<string, number>): Promise<LogPlace> {
    const id = from === '' ? undefined : await this.store.idAt(from);
    let place = { position: from, mark: id === undefined ? '' : markOf(id) };
    for await (const page of this.store.readAll(accountStreams, from === '' ? undefined : from))
      for (const recorded of page) {
        const account = accountOf(recorded.stream);
        const owner = this.families.companyOf(account);
        if (owner === undefined) return place;
        place = placeOf(recorded);
        if (owner === company) heads.set(account, Math.max(heads.get(account) ?? -1, recorded.revision));
      }
    return place;
  }
}

function isPair(position: Position): boolean {
  return position.includes('/');
}

function noCursor(): Rejection {
  return new Rejection(
    'bad_request',
    'after must be the cursor of an answer with include_clients, as it was given',
  );
}
