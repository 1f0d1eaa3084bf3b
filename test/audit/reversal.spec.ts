import { beforeAll, expect, test } from '@jest/globals';
import { AuditLog } from '../../src/audit/audit-log.js';
import type { AuditDoor } from '../../src/audit/audit-door.js';
import { entryOf } from '../../src/audit/entry/entry-of.js';
import { isAboutPast } from '../../src/audit/past/past-question.js';
import { Reversal } from '../../src/audit/revert/reversal.js';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import { NO_STREAM } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { TestSource, testIndex, write } from '../support/audit.js';
import { property, valued } from '../support/domain.js';
import { created, opened } from './small-company.js';

/** More than a page of the log has. */
const MANY = 1100;

const store = new MemoryEventStore();
let audit: AuditLog;
let head = NO_STREAM;

/** Appends a command. @returns the revision of its last event */
async function record(...events: readonly DomainEvent[]): Promise<number> {
  await write(store, 'one', head, events);
  head += events.length;
  return head;
}

beforeAll(() => {
  const index = testIndex(new TestSource(store), { entryOf });
  const door: AuditDoor = {
    answer: async (question, signal) => {
      if (isAboutPast(question)) throw new Error('Nobody asks about the past here');
      return index.answer(question, signal);
    },
    start: () => undefined,
    moved: () => undefined,
    stop: () => index.stop(),
  };
  audit = new AuditLog(door, () => Date.now());
});

test('a change in the way is found and named behind a thousand others of the same thing that are not', async () => {
  await record(opened('One'), created('ada'), property('team'), property('floor'));
  const set = await record(valued('ada', { team: 'a' }));
  await record(...Array.from({ length: MANY }, (_, n) => valued('ada', { floor: String(n) })));
  const reversal = await Reversal.of(audit, { account: 'one', revision: head }, set);
  await reversal.requireUntouched({ account: 'one', revision: head });
  const because = [await record(valued('ada', { team: 'b' })), await record(valued('ada', { team: 'a' }))];
  const at = { account: 'one', revision: head };
  await expect(reversal.requireUntouched(at)).rejects.toMatchObject({ code: 'changed_since', because });
  await expect(reversal.tooLate(at)).resolves.toMatchObject({ code: 'changed_since', because });
});

test('of more than a thousand changes in the way the first thousand are named', async () => {
  const at = { account: 'one', revision: head };
  const first = head - 1 - MANY;
  const reversal = await Reversal.of(audit, at, first - 1);
  await record(...Array.from({ length: MANY }, (_, n) => valued('ada', { team: String(n) })));
  const { because = [] } = await reversal.tooLate({ account: 'one', revision: head });
  expect([because.length, because[0]]).toEqual([1000, at.revision - 1]);
});

test('a command of more than a thousand events is not taken back', async () => {
  const of = Reversal.of(audit, { account: 'one', revision: head }, head);
  await expect(of).rejects.toMatchObject({ code: 'not_revertible', message: expect.stringMatching(/1,000/) });
});
