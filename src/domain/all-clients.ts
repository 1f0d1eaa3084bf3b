import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';

/**
 * To follow a company with all its clients is to get what happens in clients that are opened later, too. So the caller
 * must reach every client.
 * @throws Rejection access_denied
 */
export function requireAllClients(caller: Pick<Questions, 'isCompany' | 'isAdmin'>): void {
  if (!caller.isCompany)
    throw new Rejection('access_denied', 'include_clients is for companies: a client account has no clients');
  if (!caller.isAdmin)
    throw new Rejection('access_denied', 'include_clients needs a caller who reaches every client');
}
