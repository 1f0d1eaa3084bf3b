import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Command } from '../domain/aggregates.js';
import { Rejection } from '../domain/rejection.js';
import { CommandMetrics } from './command-metrics.js';
import type { Outcome } from './outcome.js';

/**
 * Sends every command of this process and counts its outcome: those of requests, of mails and of the start.
 */
@Injectable()
export class CommandSender {
  constructor(
    private readonly bus: CommandBus,
    private readonly metrics: CommandMetrics,
  ) {}

  /** @throws Rejection when a rule refuses, or `unavailable` when the outcome could not be learnt in time */
  async run(command: Command): Promise<Outcome> {
    try {
      const outcome = await this.bus.execute<Command, Outcome>(command);
      this.metrics.count(command.type, outcome.events.length > 0 ? 'done' : 'nothing');
      return outcome;
    } catch (error) {
      this.metrics.count(command.type, error instanceof Rejection ? error.code : 'error');
      throw error;
    }
  }
}
