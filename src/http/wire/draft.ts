import type { CommandMeta } from '../../domain/command.js';

/** A command that lacks only the account it is for and what is known of its sender. */
export type Draft<Command> = (account: string, meta: CommandMeta) => Command;
