import { type Kind, textOf } from './setting.js';

/**
 * The address of an EventStoreDB, which is called KurrentDB from version 25.0 on.
 * It may hold a password.
 */
export type ConnectionString = `${'esdb' | 'kurrentdb' | 'kurrent' | 'kdb'}${':' | '+discover:'}//${string}`;

export const eventStore: Kind<'sqlite' | 'memory' | ConnectionString> = {
  must: 'be sqlite, memory, or esdb://… for EventStoreDB (also kurrentdb://…, kurrent://… or kdb://…)',
  parse: (text) => (text === 'sqlite' || text === 'memory' || isConnectionString(text) ? text : undefined),
};

function isConnectionString(text: string): text is ConnectionString {
  return /^(esdb|kurrentdb|kurrent|kdb)(\+discover)?:\/\//.test(text);
}

/** The part of the address of a store that a message may show. */
export function schemeOf(text: string): string {
  return text.split('//')[0] ?? '';
}

export const streamPrefix = textOf(
  'consist of at most 64 letters, digits, hyphens, dots and underscores, without "account-"',
  (text) => /^[\w.-]{0,64}$/.test(text) && !text.includes('account-'),
);
