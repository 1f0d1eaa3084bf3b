import { type Kind, textOf } from './setting.js';

/** Of EventStoreDB, or KurrentDB, as its versions from 25.0 on are called; may hold a password. */
export type ConnectionString = `${'esdb' | 'kurrentdb' | 'kurrent' | 'kdb'}${':' | '+discover:'}//${string}`;

export const eventStore: Kind<'sqlite' | 'memory' | ConnectionString> = {
  must: 'be sqlite, memory, or esdb://… for EventStoreDB (also kurrentdb://…, kurrent://… or kdb://…)',
  parse: (text) => (text === 'sqlite' || text === 'memory' || isConnectionString(text) ? text : undefined),
};

function isConnectionString(text: string): text is ConnectionString {
  return /^(esdb|kurrentdb|kurrent|kdb)(\+discover)?:\/\//.test(text);
}

/** What a message may show of the address of a store. */
export function schemeOf(text: string): string {
  return text.split('//')[0] ?? '';
}

export const streamPrefix = textOf(
  'consist of at most 64 letters, digits, hyphens, dots and underscores, without "account-"',
  (text) => /^[\w.-]{0,64}$/.test(text) && !text.includes('account-'),
);
