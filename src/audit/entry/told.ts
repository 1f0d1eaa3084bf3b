import type { Change } from '../entry.js';
import type { Reference } from './subjects.js';

/** What an event changes. */
export interface Told {
  readonly changes: readonly Change[];
  /** To or from what it gives or takes something besides what its data name first. */
  readonly ended: readonly Reference[];
}
