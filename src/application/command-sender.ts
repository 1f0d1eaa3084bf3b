import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Command } from '../domain/aggregates.js';
import { Rejection } from '../domain/rejection.js';
import { CommandMetrics } from './command-metrics.js';
import { Execute } from './execute.js';
import type { Outcome } from './outcome.js';

/**
 * Sends every command of this process and counts its outcome: those of requests, of mails and of the start.
 */
@Injectable()
export class CommandSender {
  constructor(
    private readonly bus: CommandBus,
    private readonly metrics: CommandMetrics,
    private readonly execute: Execute,
  ) {}

  /** @throws Rejection when a rule refuses, or `unavailable` when the outcome could not be learnt in time */
  async run(command: Command): Promise<Outcome> {
    try {
      const outcome = await this.bus.execute<Command, Outcome>(command);
      this.metrics.count(command.type, outcome.events.length > 0 ? 'done' : 'nothing');
      return outcome;
    } catch (error) {
      throw this.counted(command, error);
    }
  }

  /** Decides a command without doing it. @returns whether it would do anything @throws Rejection as {@link run} */
  async rehearse(command: Command): Promise<boolean> {
    try {
      return await this.execute.rehearse(command);
    } catch (error) {
      throw this.counted(command, error);
    }
  }

  private counted({ type }: Command, error: unknown): unknown {
    this.metrics.count(type, error instanceof Rejection ? error.code : 'error');
    return error;
  }
}
