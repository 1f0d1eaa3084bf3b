import { Inject, type Provider } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import type { Command } from '../domain/aggregates.js';
import { commandCatalogue } from '../domain/command-catalogue.js';
import type { Outcome } from './outcome.js';
import { Execute } from './execute.js';

/** One handler per command for the command bus. Each calls {@link Execute}, which calls `decide`. */
export const commandHandlers: Provider[] = Object.values(commandCatalogue).map(({ class: commandClass }) => {
  @CommandHandler(commandClass)
  class Handler {
    constructor(@Inject(Execute) private readonly executor: Execute) {}

    execute(command: Command): Promise<Outcome> {
      return this.executor.run(command);
    }
  }
  return Handler;
});
