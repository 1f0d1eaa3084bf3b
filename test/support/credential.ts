import type { Credential } from '../../src/domain/command.js';

/** By an API key, if its id is given, else by the password. */
export function credentialOf(key: string | undefined): Credential {
  return key === undefined ? { kind: 'password' } : { kind: 'api_key', id: key };
}
