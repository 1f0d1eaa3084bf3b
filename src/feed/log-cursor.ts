import { opaqueText, partsOfOpaque } from '../application/opaque-text.js';
import type { Position, RecordedEvent } from '../event-store/event-store.js';

/** A place in the order of the whole log. */
export interface LogPlace {
  /** Of the last event before it; empty at the beginning of the log. */
  readonly position: Position;
  /** What that event is recognised by, for another log may have another one there; empty where that is not known. */
  readonly mark: string;
}

/** A place in one of all logs. */
export interface LogCursor extends LogPlace {
  readonly log: string;
}

export const LOG_BEGIN: LogPlace = { position: '', mark: '' };

/** The place behind an event. */
export function placeOf({ position, id }: Pick<RecordedEvent, 'position' | 'id'>): LogPlace {
  return { position, mark: markOf(id) };
}

/** What an event is recognised by: enough of its id to tell it from another one, and no more. */
export function markOf(id: string): string {
  return id.slice(-8);
}

/** The cursor as readers get it: opaque to them. */
export function textOfCursor({ log, position, mark }: LogCursor): string {
  return opaqueText([log, position, mark]);
}

/** @returns undefined for a text that is no such cursor */
export function cursorIn(text: string): LogCursor | undefined {
  const [log, position, mark] = partsOfOpaque(text);
  const isWhole = typeof log === 'string' && typeof position === 'string' && typeof mark === 'string';
  if (!isWhole || !/^(\d{1,19}(\/\d{1,19})?)?$/.test(position)) return undefined;
  const cursor = { log, position, mark };
  // Decoders overlook what does not belong there.
  return textOfCursor(cursor) === text ? cursor : undefined;
}
