import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';

/**
 * Whoever follows a company with all its clients gets what happens in clients that are opened later, too: only somebody
 * who reaches every client may ask for that.
 * @throws Rejection access_denied
 */
export function requireAllClients(caller: Pick<Questions, 'isCompany' | 'isAdmin'>): void {
  if (!caller.isCompany)
    throw new Rejection('access_denied', 'include_clients is for companies: a client account has no clients');
  if (!caller.isAdmin)
    throw new Rejection('access_denied', 'include_clients needs a caller who reaches every client');
}
