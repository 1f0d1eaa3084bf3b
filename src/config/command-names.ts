import type { Command } from '../domain/aggregates.js';
import { commandCatalogue } from '../domain/command-catalogue.js';
import type { Kind } from './setting.js';

/** Types of commands, separated by commas. */
export const commandNames: Kind<readonly Command['type'][]> = {
  must: 'be names of commands as docs/operations.md lists them, separated by commas',
  parse: (text) => {
    if (text.trim() === '') return [];
    const names = text.split(',').map((name) => name.trim());
    const known = names.filter(isCommandName);
    return known.length === names.length ? known : undefined;
  },
};

function isCommandName(name: string): name is Command['type'] {
  return Object.hasOwn(commandCatalogue, name);
}
