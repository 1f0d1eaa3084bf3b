import { LRUCache } from 'lru-cache';
import type { PendingMail } from '../read/mails.js';

/** The number of mails remembered at most. */
const MOST_MAILS = 10_000;

/**
 * Tells whether a mail has waited long enough that a clock ahead of the real time has put off.
 * The mail waits for as long as it was put off, from when it was first seen here.
 */
export class PutOff {
  /** When a mail was first seen in its state, in milliseconds since the epoch. */
  private readonly seen = new LRUCache<string, number>({ max: MOST_MAILS });

  /** @param now in milliseconds since the epoch */
  isOver(
    { mail_id, due, due_since }: Pick<PendingMail, 'mail_id' | 'due' | 'due_since'>,
    now: number,
  ): boolean {
    if (due === null || due_since === null || Date.parse(due) <= now) return true;
    const key = `${mail_id} ${due}`;
    const first = this.seen.get(key);
    if (first === undefined || now < first) {
      this.seen.set(key, now);
      return false;
    }
    return now - first >= Date.parse(due) - Date.parse(due_since);
  }
}
