import { resolve } from 'node:path';
import { isServerAddress } from './server-address.js';

/** Where a log lies. */
export type LogAddress =
  | { readonly type: 'sqlite'; readonly directory: string }
  | { readonly type: 'esdb'; readonly connectionString: string };

/** The forms of a log's address. */
export const logAddressForms =
  'sqlite:<data directory>, esdb://… or esdb+discover://… (also kurrentdb, kurrent or kdb in place of esdb)';

/**
 * @returns undefined for a text in none of the {@link logAddressForms}
 */
export function parseLogAddress(text: string): LogAddress | undefined {
  const [, directory] = /^sqlite:(.+)$/s.exec(text) ?? [];
  if (directory !== undefined) return { type: 'sqlite', directory: resolve(directory) };
  return isServerAddress(text) ? { type: 'esdb', connectionString: text } : undefined;
}
