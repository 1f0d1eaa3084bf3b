import type { CommandEntry } from './aggregate.js';
import { aggregates, type Command } from './aggregates.js';

/** Every command type with its class and what it asks of its actor. */
export const commandCatalogue = Object.assign({}, ...aggregates.map(({ commands }) => commands)) as {
  readonly [Type in Command['type']]: CommandEntry<Extract<Command, { type: Type }>>;
};
