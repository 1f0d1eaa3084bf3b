import type { Change } from '../entry.js';
import type { Reference } from './subjects.js';

/** What an event changes. */
export interface Told {
  readonly changes: readonly Change[];
  /** From what it takes something besides what its data name. */
  readonly ended: readonly Reference[];
}
