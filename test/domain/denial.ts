import { type Authority, authorityOf } from '../../src/domain/authority.js';
import type { Command } from '../../src/domain/aggregates.js';
import { Rejection } from '../../src/domain/rejection.js';
import { as, attempt, client, company, permitted, stateOf, user } from '../support/domain.js';

export const bob = as('bob');
/** The company of Bob. He holds these permissions. */
export const acme = (...permissions: string[]) =>
  stateOf(company, user('bob'), permitted('bob', ...permissions));
export const globex = stateOf(client());
export const holding = (...permissions: string[]): Authority => authorityOf(acme(...permissions), 'bob');

export function isDenied(command: Command, state = globex, authority?: Authority): boolean {
  const decision = attempt(command, state, authority);
  return decision instanceof Rejection && decision.code === 'access_denied';
}
