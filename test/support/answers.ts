import { expect } from '@jest/globals';
import type { Outcome } from '../../src/application/outcome.js';
import type { Command } from '../../src/domain/aggregates.js';
import { Rejection } from '../../src/domain/rejection.js';
import type { AccountEventRecord } from '../../src/event-store/codec.js';
import type { Runner } from '../read/random-log.js';

/** Carries commands out and keeps every answer, also those that say the outcome is unknown. */
export class Answers implements Runner {
  private readonly given: { readonly command: Command; readonly outcome: Outcome | Rejection }[] = [];

  constructor(private readonly execute: { run(command: Command): Promise<Outcome> }) {}

  async run(command: Command): Promise<void> {
    const outcome = await this.execute.run(command).catch((error: unknown) => {
      if (error instanceof Rejection) return error;
      throw error;
    });
    this.given.push({ command, outcome });
  }

  /** How many commands were acknowledged, refused, and left with an unknown outcome. */
  get counts(): { acknowledged: number; refused: number; unknown: number } {
    const refusals = this.given.flatMap(({ outcome }) =>
      outcome instanceof Rejection ? [outcome.code] : [],
    );
    const unknown = refusals.filter((code) => code === 'unavailable').length;
    const refused = refusals.length - unknown;
    return { acknowledged: this.given.length - refusals.length, refused, unknown };
  }

  /** Every acknowledged command is stored once and at its place, no refused one is, and none by half. */
  expectTrue(stored: readonly AccountEventRecord[]): void {
    for (const { command, outcome } of this.given) {
      const records = stored.filter(({ metadata }) => metadata.command_id === command.meta.commandId);
      expect(records).toHaveLength(records[0]?.metadata.count ?? 0);
      if (!(outcome instanceof Rejection)) {
        expect(records.map(({ event }) => event)).toEqual(outcome.events);
        if (records.length > 0) expect(records.at(-1)?.revision).toBe(outcome.revision);
      } else if (outcome.code !== 'unavailable') expect(records).toEqual([]);
    }
  }
}
