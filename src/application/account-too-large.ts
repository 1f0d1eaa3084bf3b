import { type AccountState, bytesOf } from '../domain/account-state.js';

/** The state of an account takes more memory than this process gives to one account. */
export class AccountTooLarge extends Error {}

/** @param most how many bytes the state may take @throws AccountTooLarge */
export function requireMemory(account: string, state: AccountState, most: number): void {
  if (bytesOf(state) > most)
    throw new AccountTooLarge(
      `the account ${account} needs more than the ${megabytes(most)} MB of memory that this process gives to one account; give it more by --max-old-space-size or MUSTER_ACCOUNTS_MEMORY`,
    );
}

export function megabytes(bytes: number): number {
  return Math.max(1, Math.round(bytes / 1024 / 1024));
}
