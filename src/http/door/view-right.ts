import { holds } from '../../domain/permissions.js';
import { Rejection } from '../../domain/rejection.js';
import { type ApiRequest, callerOf } from './request.js';

/**
 * Callers see what they may do themselves; of others, with a right to view users.
 * @param userId undefined for a question about all users
 * @throws Rejection access_denied
 */
export function requireView(request: ApiRequest, userId?: string): void {
  const { id, holdings } = callerOf(request);
  if (id !== userId && !holds(holdings, 'user.manage') && !holds(holdings, 'user.view'))
    throw new Rejection('access_denied');
}
