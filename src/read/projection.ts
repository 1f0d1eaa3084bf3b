import type { AccountEventRecord } from '../event-store/codec.js';
import { NO_STREAM } from '../event-store/event-store.js';
import { type Handler, handlersOf } from './tables/tables.js';
import type { Views } from './views.js';

/**
 * Applies events to the views. An event at or below its account's checkpoint is skipped, so
 * each is applied once.
 */
export class Projection {
  private readonly handlers: ReadonlyMap<string, readonly Handler[]>;

  constructor(private readonly views: Views) {
    this.handlers = handlersOf(views);
  }

  /**
   * Applies events of one account in order: all of them or, after an error, none.
   * @returns false when earlier events are missing; nothing is applied then
   * @throws ViewsLost
   * @throws Error when an event does not fit the views
   */
  apply(account: string, records: readonly AccountEventRecord[]): boolean {
    const { checkpoints, entities, database } = this.views;
    const checkpoint = checkpoints.of(account);
    const revision = checkpoint?.revision ?? NO_STREAM;
    const news = records.filter((record) => record.revision > revision);
    const [first, last] = [news[0], news.at(-1)];
    if (!first || !last) return true;
    if (first.revision !== revision + 1) return false;
    database.change(() => {
      const number = checkpoint?.number ?? entities.declareAccount(account);
      let latest = checkpoint?.latest ?? 0;
      for (const record of news) {
        latest = Math.max(latest, Date.parse(record.metadata.time));
        this.project(record, number, latest);
      }
      checkpoints.move(account, { number, revision: last.revision, event_id: last.id, latest });
    }, news.length);
    for (const { event } of news) this.views.stamps.note(account, event);
    return true;
  }

  private project(
    { id, event, revision, metadata }: AccountEventRecord,
    account: number,
    latest: number,
  ): void {
    const { time, index, count } = metadata;
    const at = { account, revision, id, time };
    for (const handle of this.handlers.get(event.type) ?? []) handle(event.data, at);
    if (index === count - 1) this.views.commands.add(account, revision, latest);
  }
}
