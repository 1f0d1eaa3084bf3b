import { LRUCache } from 'lru-cache';
import { type AccountEventRecord, decode } from '../event-store/codec.js';
import type { RecordedEvent } from '../event-store/event-store.js';
import { cloudEventOf, cloudEventText } from './cloud-event.js';

/** An event as it goes out. */
export interface FeedEvent {
  readonly account: string;
  readonly revision: number;
  readonly type: string;
  /** The CloudEvent as JSON on one line. */
  readonly text: string;
}

/** How much of the latest events is kept for all who follow them, in characters of all accounts together. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

/** The latest events of accounts that somebody follows: each is written down once, however many readers there are. */
export class RecentEvents {
  private readonly events = new LRUCache<string, FeedEvent>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: ({ text }) => text.length,
  });

  /** @param base address of the service, without a slash at the end */
  constructor(private readonly base: () => string) {}

  at(account: string, revision: number): FeedEvent | undefined {
    return this.events.get(`${account}/${revision}`);
  }

  keep(record: AccountEventRecord): FeedEvent {
    const { account, revision } = record;
    const text = JSON.stringify(cloudEventOf(record, this.base()));
    const event = { account, revision, type: record.event.type, text };
    this.events.set(`${account}/${revision}`, event);
    return event;
  }

  /** @throws UnreadableEvent */
  shown(stored: RecordedEvent): FeedEvent {
    const record = decode(stored);
    const { account, revision } = record;
    return { account, revision, type: stored.type, text: cloudEventText(record, stored, this.base()) };
  }
}
