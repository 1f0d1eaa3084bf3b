import { noTexts } from './admission.js';
import { type AnyCommand, type AnyEvent, aggregate } from './aggregate.js';
import { AccountCommand } from './command.js';

/** A part of the inverse of a command. */
export interface RevertStep {
  readonly command: AnyCommand;
  /** What the reverted command has left of what this one replaces, see `replacedBy`. */
  readonly replaces: unknown;
}

/**
 * The inverse of a whole command, in commands about things that are independent of each other: all of them or none. Its
 * `meta.causedBy` is the revision that is reverted.
 */
export class RevertCommand extends AccountCommand<{ readonly steps: readonly RevertStep[] }> {
  readonly type = 'RevertCommand';
}

/** Each step is decided as the command that it is, see `decide`; nothing is recorded but what they record. */
export const revert = aggregate<RevertCommand, never>()({
  state: () => ({}),
  commands: { RevertCommand: { class: RevertCommand, needs: 'reader', admit: noTexts } },
  events: {},
  decide: (): AnyEvent[] => [],
  evolve: () => undefined,
});
