import type { JSONEventData } from '@eventstore/db-client';
import { EventStoreDbSideStreams } from './eventstoredb-side-streams.js';
import { RevisionConflict } from './event-store.js';
import { beginning, keysForgotten, KeyUseStream, usesRecorded } from './key-use-stream.js';
import { type EndedKeys, isDue, isEnded, type KeyUse, type KeyUses } from './key-uses.js';

/** A stream of more events is written anew, without what was overtaken or forgotten. */
const MOST_EVENTS = 500;
/** What was read of so many streams is kept in mind. */
const MOST_STREAMS = 200;

/**
 * Last uses of keys in EventStoreDB: a stream `key-uses-<account>` for each account. It is kept short: when it has many
 * events, what they tell is written once more, and the server removes what stands before (`$tb`).
 */
export class EventStoreDbKeyUses implements KeyUses {
  private readonly side: EventStoreDbSideStreams;
  private readonly streams = new Map<string, KeyUseStream>();

  /**
   * @param connectionString that of the log
   * @param prefix the beginning of all stream names
   */
  constructor(
    connectionString: string,
    private readonly prefix: string,
  ) {
    this.side = new EventStoreDbSideStreams(connectionString);
  }

  async keep(account: string, uses: readonly KeyUse[]): Promise<void> {
    const known = await this.read(account);
    const due = uses.filter((use) => isDue(use, known.uses.get(use.key_id)?.time));
    await this.append(account, usesRecorded(due));
    if (known.length >= MOST_EVENTS) await this.shorten(account);
  }

  async of(account: string, keyIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const { uses } = await this.read(account);
    return new Map(
      keyIds.flatMap((id) => {
        const use = uses.get(id);
        return use ? [[id, use.time] as const] : [];
      }),
    );
  }

  async forget(account: string, ended: EndedKeys): Promise<void> {
    const { uses } = await this.read(account);
    if ([...uses.values()].some((use) => isEnded(use, ended)))
      await this.append(account, [keysForgotten(ended)]);
  }

  async close(): Promise<void> {
    await this.side.close();
  }

  private streamOf(account: string): string {
    return `${this.prefix}key-uses-${account}`;
  }

  /** Brings what is known of an account's stream up to date. */
  private async read(account: string): Promise<KeyUseStream> {
    const known = this.streams.get(account) ?? new KeyUseStream();
    const pages = this.side.eventsFrom(this.streamOf(account), Math.max(known.revision, 0));
    for await (const page of pages)
      if (!known.add(page)) {
        this.streams.delete(account);
        return this.read(account);
      }
    this.remember(account, known);
    return known;
  }

  private remember(account: string, known: KeyUseStream): void {
    this.streams.delete(account);
    this.streams.set(account, known);
    const [oldest] = this.streams.keys();
    if (oldest !== undefined && this.streams.size > MOST_STREAMS) this.streams.delete(oldest);
  }

  /** Instances write in any order. */
  private async append(account: string, events: readonly JSONEventData[]): Promise<void> {
    for (const event of events) await this.side.append(this.streamOf(account), event);
  }

  private async shorten(account: string): Promise<void> {
    const { revision, uses } = await this.read(account);
    const stream = this.streamOf(account);
    try {
      // Whatever another instance writes in between comes after this one.
      const truncateBefore = await this.side.append(stream, beginning(), revision);
      await this.append(account, usesRecorded([...uses.values()]));
      await this.side.truncate(stream, truncateBefore);
    } catch (error) {
      // Another instance has written there: the next time will do.
      if (!(error instanceof RevisionConflict)) throw error;
    }
  }
}
