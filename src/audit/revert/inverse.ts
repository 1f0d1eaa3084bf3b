import type { AnyCommand } from '../../domain/aggregate.js';
import type { CommandMeta } from '../../domain/command.js';
import type { RevertStep } from '../../domain/revert.js';
import type { Later } from './later.js';
import type { Revertible } from './revertible.js';

/** An event that is to be taken back. */
export interface Reverted extends Revertible {
  readonly account: string;
  /** The meta of the commands that take it back. */
  readonly meta: CommandMeta;
  /** All events of its command. */
  readonly command: readonly Revertible[];
}

/** How an event is taken back. */
export interface Inverse {
  /** The commands that take it back. */
  steps(event: Reverted): readonly RevertStep[];
  /** Where to look for what has touched the same since. */
  later(event: Revertible): readonly Later[];
}

/** An inverse of one command. @param replaces see `RevertStep` */
export function step(command: AnyCommand, replaces: unknown): readonly RevertStep[] {
  return [{ command, replaces }];
}
