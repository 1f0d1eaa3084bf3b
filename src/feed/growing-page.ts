import type { FeedEvent } from './recent-events.js';

/** A page is over when it has so many characters. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** Events that are gathered until there are enough. */
export class GrowingPage<Event extends FeedEvent = FeedEvent> {
  readonly events: Event[] = [];
  private characters = 0;

  constructor(
    readonly limit: number,
    private readonly mostCharacters = MOST_CHARACTERS,
  ) {}

  get isFull(): boolean {
    return this.events.length >= this.limit || this.characters >= this.mostCharacters;
  }

  add(event: Event): void {
    this.events.push(event);
    this.characters += event.text.length;
  }
}
