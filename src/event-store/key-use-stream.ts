import { randomUUID } from 'node:crypto';
import { jsonEvent, type JSONEventData } from '@eventstore/db-client';
import type { RecordedEvent } from './event-store.js';
import { type EndedKeys, isEnded, type KeyUse } from './key-uses.js';

/** The most uses of one event: it stays well below the size that an append may have. */
const MOST_USES = 1_000;

/** What an event of a stream of uses says. */
interface Recorded {
  readonly uses?: readonly KeyUse[];
  readonly forgotten?: EndedKeys;
  /** The events from this one on tell everything. */
  readonly isBeginning?: boolean;
}

/** What a stream of uses tells, as far as it was read. */
export class KeyUseStream {
  /** By the id of the key. */
  readonly uses = new Map<string, KeyUse>();
  /** How many events tell it. */
  length = 0;
  /** The last event that was read: its revision, -1 before the first, and its id. */
  revision = -1;
  event = '';

  /**
   * @returns false when it must be read from its beginning: another history follows what was read, because the log was
   * restored from a backup, or what follows was removed
   */
  add(events: readonly RecordedEvent[]): boolean {
    for (const { revision, id, data } of events) {
      if (revision === this.revision && id !== this.event) return false;
      if (this.revision >= 0 && revision > this.revision + 1) return false;
      if (revision <= this.revision) continue;
      this.apply(JSON.parse(data) as Recorded);
      [this.revision, this.event] = [revision, id];
    }
    return true;
  }

  private apply({ uses = [], forgotten, isBeginning = false }: Recorded): void {
    this.length = isBeginning ? 1 : this.length + 1;
    for (const use of uses) this.uses.set(use.key_id, use);
    if (!forgotten) return;
    for (const use of this.uses.values()) if (isEnded(use, forgotten)) this.uses.delete(use.key_id);
  }
}

/** The events that tell of uses. */
export function usesRecorded(uses: readonly KeyUse[]): JSONEventData[] {
  return Array.from({ length: Math.ceil(uses.length / MOST_USES) }, (_, index) =>
    recorded({ uses: uses.slice(index * MOST_USES, (index + 1) * MOST_USES) }),
  );
}

export function keysForgotten(ended: EndedKeys): JSONEventData {
  return recorded({ forgotten: ended });
}

export function beginning(): JSONEventData {
  return recorded({ isBeginning: true });
}

function recorded(data: Recorded): JSONEventData {
  const { uses, forgotten, isBeginning } = data;
  return jsonEvent({
    id: randomUUID(),
    type: 'KeyUsesRecorded',
    data: {
      ...(uses && { uses: uses.map(({ key_id, user_id, time }) => ({ key_id, user_id, time })) }),
      ...(forgotten && { forgotten: { ...forgotten } }),
      ...(isBeginning && { isBeginning }),
    },
  });
}
