import { OpenCompany } from '../domain/account.js';
import type { CommandMeta } from '../domain/command.js';
import { hashApiKey, newApiKey, newId } from './secrets.js';

export interface CompanyRequest {
  readonly name: string;
  readonly admin: {
    readonly first_name: string;
    readonly last_name: string;
    readonly email: string;
    /** Of the password; null for a user without one. */
    readonly password_hash: string | null;
    /** Made when it is absent. So is the id of the user. */
    readonly apiKey?: string | undefined;
    readonly userId?: string | undefined;
  };
}

/**
 * The command that opens a company, and the API key of its first user.
 * The key in the clear is nowhere else.
 */
export function openCompany(
  account: string,
  { name, admin }: CompanyRequest,
  meta: CommandMeta,
): { command: OpenCompany; apiKey: string } {
  const { apiKey = newApiKey(account), userId: user_id = newId(), ...facts } = admin;
  const key = { key_id: newId(), key_name: 'First key', key_hash: hashApiKey(apiKey) };
  const data = {
    name,
    all_users_group_id: newId(),
    admin: { ...facts, user_id, ...key },
  };
  return { command: new OpenCompany(account, data, meta), apiKey };
}
