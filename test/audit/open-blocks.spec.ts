import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AuditPage } from '../../src/audit/answers.js';
import type { AuditQuery } from '../../src/audit/audit-query.js';
import { Answering } from '../../src/audit/index/answering.js';
import { AuditDatabase } from '../../src/audit/index/audit-database.js';
import { Session } from '../../src/audit/index/session.js';
import { emptyAccountState } from '../../src/domain/account-state.js';
import type { AccountEventRecord } from '../../src/event-store/codec.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { revisionsOf, testEntry } from '../support/audit.js';
import { writeBusyAccount } from './busy-account.js';
import { queries } from './wanted-entries.js';

const account = 'busy';
/** More than a full block. */
const COUNT = 4_400;
let records: readonly AccountEventRecord[];

beforeAll(async () => {
  records = await writeBusyAccount(new MemoryEventStore(), account, COUNT);
});

/** An index of the account whose open blocks may take so much memory. */
function indexed(mostBytesOfBlocks: number): Session {
  const database = AuditDatabase.open(':memory:', 'log', 'code');
  const session = new Session(database, testEntry, 1e9, mostBytesOfBlocks);
  const folded = { state: emptyAccountState(), revision: -1 };
  for (let from = 0; from < records.length; from += 50)
    session.add(account, folded, records.slice(from, from + 50));
  return session;
}

test('a block whose terms are written before it is full finds what one in memory finds, also when it is made again', async () => {
  const [roomy, tight] = [indexed(1e9), indexed(400_000)];
  expect(tight.blocks.of(tight.account(account)).hasWritten).toBe(true);
  expect(tight.blocks.of(tight.account(account)).termBytes).toBeLessThan(120_000);
  const at = { account, revision: records.length - 1 };
  const found = async (session: Session, query: AuditQuery) => {
    const asked = { kind: 'page', at, now: 0, query, paging: { limit: 1000 } } as const;
    const page = await new Answering(session, () => session.account(account)).to(asked);
    return revisionsOf((page as AuditPage).entries);
  };
  for (const again of [false, true]) {
    if (again) for (const session of [roomy, tight]) session.blocks.drop(session.account(account).number);
    await fc.assert(
      fc.asyncProperty(queries(COUNT), async (query) => {
        expect(await found(tight, query)).toEqual(await found(roomy, query));
      }),
      { numRuns: 30 },
    );
  }
});

test('the open blocks of many accounts take no more memory than they may, and those asked last stay', () => {
  const session = indexed(1_000_000);
  for (const name of Array.from({ length: 20 }, (_, at) => `other-${at}`)) {
    const some = records.slice(0, 300).map((record) => ({ ...record, account: name }));
    session.add(name, { state: emptyAccountState(), revision: -1 }, some);
    expect(session.blocks.bytes).toBeLessThanOrEqual(1_000_000);
  }
  expect(session.blocks.bytes).toBeGreaterThan(400_000);
});
