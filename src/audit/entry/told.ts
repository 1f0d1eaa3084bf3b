import type { Change } from '../entry.js';
import type { Reference } from './subjects.js';

/** What an event changes. */
export interface Told {
  readonly changes: readonly Change[];
  /** Things that it gives something to or takes something from, besides those that its data name. */
  readonly ended: readonly Reference[];
}
