import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type AccountState, evolve } from '../../src/domain/account-state.js';
import type { Command, DomainEvent } from '../../src/domain/aggregates.js';
import { adminRole } from '../../src/domain/built-in-roles.js';
import { eventCatalogue } from '../../src/domain/event-catalogue.js';
import { rollBack } from '../../src/domain/journaled-map.js';
import { Rejection } from '../../src/domain/rejection.js';
import { ALL_USERS, attempt, client, inRole, recorded, stateOf } from '../support/domain.js';
import { dump } from './dump.js';
import { checkInvariants, checkNothingEscalated, checkSeats, hasAdmin, holdingsOfAll } from './invariants.js';
import { clientSteps } from './random-client-commands.js';
import { cast, type Step, steps } from './random-commands.js';

const company: DomainEvent[] = [
  { type: 'CompanyOpened', data: { name: 'one', all_users_group_id: ALL_USERS } },
  ...cast,
  inRole('ann', adminRole.id),
];

/** Commands that say how things shall be rather than what shall happen. */
const idempotent: readonly Command['type'][] = [
  'UpdateAccount',
  'UpdateClient',
  'SetClientResources',
  'SetClientSettings',
  'EnableClientDirectBilling',
  'UpdateUser',
  'ReplaceUserPermissions',
  'SetUserProperties',
  'AddUserTabInstances',
  'RecordSignIn',
  'LockUser',
  'UnlockUser',
  'RequestMail',
  'ClaimMail',
  'DeferMail',
  'RecordMailSent',
  'GiveUpMail',
  'UpdateGroup',
  'UpdateRole',
  'RemoveRolePermissions',
  'AddUserToGroup',
  'AddGroupDefaultTabs',
  'ShareClient',
  'SetClientProperties',
  ...(['ChangeWebhook', 'PauseWebhook', 'ResumeWebhook', 'DisableWebhook', 'ResealWebhook'] as const),
];
/** Commands that do something every time. */
const repeatable: readonly Command['type'][] = [
  ...(['CreateUser', 'CreateGroup', 'CreateRole', 'IssueApiKey'] as const),
  ...(['ExtendClientTrial', 'CreateWebhook', 'RotateWebhookSecret', 'WarnWebhook'] as const),
];

/** Decides and applies a command, checking all that must hold around it; a refusal leaves the state as it is. */
function apply(state: AccountState, command: Command): DomainEvent[] {
  const before = dump(state);
  const held = holdingsOfAll(state);
  const hadAdmin = hasAdmin(state);
  const decision = attempt(command, state);
  expect(dump(state)).toBe(before);
  if (decision instanceof Rejection) return [];

  const mark = state.journal.length;
  for (const event of decision) evolve(state, recorded(event));
  const after = dump(state);
  rollBack(state.journal, mark);
  expect(dump(state)).toBe(before);
  for (const event of decision) evolve(state, recorded(event));
  expect(dump(state)).toBe(after);

  checkInvariants(state);
  checkSeats(state, decision);
  checkNothingEscalated(command, decision, held, holdingsOfAll(state));
  if (hadAdmin) expect(hasAdmin(state)).toBe(true);
  checkRepeat(state, command);
  return decision;
}

/** Sending a command again changes nothing. The actor may have lost the right to send it. */
function checkRepeat(state: AccountState, command: Command): void {
  if (repeatable.includes(command.type)) return;
  const again = attempt(command, state);
  if (!idempotent.includes(command.type)) expect(again).toBeInstanceOf(Rejection);
  else if (again instanceof Rejection) {
    expect(again.code).toBe('access_denied');
    expect(command.meta.actor.kind).toBe('user');
  } else expect(again).toEqual([]);
}

function run(history: readonly DomainEvent[], sequence: readonly Step[]): DomainEvent[] {
  const state = stateOf(history);
  const log = [...history];
  let committed = { text: dump(state), length: log.length };
  for (const { draft, ending } of sequence) {
    const count = (type: DomainEvent['type']) =>
      log.slice(history.length).filter((e) => e.type === type).length;
    log.push(...apply(state, draft(count)));
    if (ending === 'rollback') {
      rollBack(state.journal);
      log.length = committed.length;
      expect(dump(state)).toBe(committed.text);
    }
    if (ending === 'commit') {
      state.journal.length = 0;
      committed = { text: dump(state), length: log.length };
    }
  }
  expect(dump(stateOf(log))).toBe(dump(state));
  return log;
}

function see(seen: Set<string>, log: readonly DomainEvent[]): void {
  for (const { type } of log) seen.add(type);
}

/** What happens in clients only; what companies say of their clients does not. */
function isOfClients(type: string): boolean {
  return /^Client(?!Shared|Unshared|Propert)/.test(type);
}

const runs = { numRuns: 500, seed: 20_240_229 };

describe('whatever is said in whatever order, the invariants hold and rolling back is exact', () => {
  it('T164 T169 X33 X56 X57: in a company, where every kind of event comes up', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(steps, (sequence) => see(seen, run(company, sequence))),
      runs,
    );
    const ofCompanies = Object.keys(eventCatalogue).filter((type) => !isOfClients(type));
    expect(ofCompanies.filter((type) => !seen.has(type))).toEqual([]);
  });
  it('T225 T408: in a client account on trial with four seats, which starts without an admin', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(clientSteps, (sequence) =>
        see(seen, run([client(4, { status: 'trial' }), ...cast], sequence)),
      ),
      runs,
    );
    const ofClients = Object.keys(eventCatalogue).filter(isOfClients);
    expect(ofClients.filter((type) => !seen.has(type))).toEqual([]);
  });
});
