import type { Command } from '../domain/aggregates.js';
import { Rejection } from '../domain/rejection.js';
import { retry } from '../event-store/retry.js';
import type { Outcome } from './outcome.js';
import { unavailable } from './unavailable.js';

/** A command that waits for its turn, and the callbacks that answer it. */
export interface WaitingCommand {
  readonly command: Command;
  /** Whether it is only decided: what it would do is not done. */
  readonly isRehearsal: boolean;
  /** The time until which its caller waits, in milliseconds by the monotonic clock. */
  readonly deadline: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Whether the caller of a command has stopped waiting by this time of the monotonic clock. */
export function isLate({ deadline }: WaitingCommand, time: number): boolean {
  return time >= deadline;
}

/** The commands of one account that are not decided yet, in the order in which they will be. */
export class WaitingCommands {
  private commands: WaitingCommand[] = [];

  get all(): readonly WaitingCommand[] {
    return this.commands;
  }

  get isEmpty(): boolean {
    return this.commands.length === 0;
  }

  add(command: WaitingCommand): void {
    this.commands.push(command);
  }

  remove(taken: ReadonlySet<WaitingCommand>): void {
    this.commands = this.commands.filter((command) => !taken.has(command));
  }

  /** Puts commands in front, to be decided again. Commands that have waited too long are refused. */
  putBack(commands: readonly WaitingCommand[]): void {
    const now = performance.now();
    for (const { reject } of commands.filter((command) => isLate(command, now)))
      reject(new Rejection('unavailable', 'The account is changed by too many at once; try again shortly'));
    this.commands = [...commands.filter((command) => !isLate(command, now)), ...this.commands];
  }

  /** Refuses the commands whose callers do not wait until this time of the monotonic clock. */
  rejectLate(failure: unknown, time: number): void {
    this.rejectThose(failure, (command) => isLate(command, time));
  }

  rejectAll(failure: unknown): void {
    this.rejectThose(failure, () => true);
  }

  /**
   * Repeats a step while the store does not answer, as long as one of its askers waits.
   * The askers that no longer wait are refused.
   * @param askers the commands that need the step; by default all that wait for their turn
   */
  repeat(step: () => Promise<void>, askers?: readonly WaitingCommand[]): Promise<void> {
    return retry(step, (failure, next) => {
      this.rejectLate(failure, next);
      for (const asker of askers ?? []) if (isLate(asker, next)) asker.reject(unavailable(failure));
      return (askers ?? this.commands).some((one) => !isLate(one, next));
    });
  }

  private rejectThose(failure: unknown, isOne: (command: WaitingCommand) => boolean): void {
    const rejected = this.commands.filter(isOne);
    this.commands = this.commands.filter((command) => !isOne(command));
    for (const { reject } of rejected) reject(unavailable(failure));
  }
}
