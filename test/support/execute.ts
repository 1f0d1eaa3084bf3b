import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { type AccountState, emptyAccountState, evolve } from '../../src/domain/account-state.js';
import type { Command } from '../../src/domain/aggregates.js';
import type { RejectionCode } from '../../src/domain/rejection.js';
import { Execute } from '../../src/application/execute.js';
import type { DailyLog } from '../../src/application/daily-log.js';
import type { Snapshots } from '../../src/application/snapshots.js';
import { type AccountEventRecord, accountStream, decode } from '../../src/event-store/codec.js';
import {
  type EventStore,
  NO_STREAM,
  type Position,
  type ProposedEvent,
} from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';

export interface Append {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly events: readonly ProposedEvent[];
}

/** Writes down what is asked of a store, and lets a test step in before and after. */
export class WatchedStore implements EventStore {
  /** Every append that was tried. */
  readonly appends: Append[] = [];
  /** The streams read, one entry a read. */
  readonly reads: string[] = [];
  /** How many events were read from streams. */
  eventsRead = 0;
  /** The places in the log from where it was followed. */
  readonly followed: (Position | undefined)[] = [];
  /** What it throws the writer hears; nothing is written then. */
  beforeAppend: (append: Append) => unknown = () => undefined;
  /** What it throws the writer hears, although everything is written. */
  afterAppend: (append: Append) => unknown = () => undefined;
  beforeRead: (stream: string) => unknown = () => undefined;
  readonly soleWriter: boolean;
  readonly maxAppendBytes: number;

  constructor(
    readonly inner: EventStore = new MemoryEventStore(),
    maxAppendBytes = inner.maxAppendBytes,
  ) {
    this.soleWriter = inner.soleWriter;
    this.maxAppendBytes = maxAppendBytes;
  }

  get trouble(): string | undefined {
    return this.inner.trouble;
  }
  doubt(): void {
    this.inner.doubt();
  }
  async append(...[stream, expectedRevision, events]: Parameters<EventStore['append']>): Promise<void> {
    const append = { stream, expectedRevision, events };
    this.appends.push(append);
    await this.beforeAppend(append);
    await this.inner.append(stream, expectedRevision, events);
    await this.afterAppend(append);
  }
  async *readStream(
    ...[stream, after]: Parameters<EventStore['readStream']>
  ): ReturnType<EventStore['readStream']> {
    this.reads.push(stream);
    await this.beforeRead(stream);
    for await (const page of this.inner.readStream(stream, after)) {
      this.eventsRead += page.length;
      yield page;
    }
  }
  logId(): Promise<string> {
    return this.inner.logId();
  }
  readAll(...parameters: Parameters<EventStore['readAll']>): ReturnType<EventStore['readAll']> {
    return this.inner.readAll(...parameters);
  }
  idAt(...parameters: Parameters<EventStore['idAt']>): ReturnType<EventStore['idAt']> {
    return this.inner.idAt(...parameters);
  }
  subscribe(
    ...[prefix, after, signal]: Parameters<EventStore['subscribe']>
  ): ReturnType<EventStore['subscribe']> {
    this.followed.push(after);
    return this.inner.subscribe(prefix, after, signal);
  }
  close(): Promise<void> {
    return this.inner.close();
  }
}

/** An Execute without views. */
export function executeOn(
  store: EventStore,
  {
    now,
    snapshots,
    ...limits
  }: {
    now?: () => Date;
    snapshots?: Snapshots;
    patienceMs?: number;
    cachedBytes?: number;
    mostBytes?: number;
    daily?: DailyLog;
  } = {},
): Execute {
  const { patienceMs = 10_000, cachedBytes = 1e9, mostBytes = 1e9, daily } = limits;
  const memory = { all: Math.floor(cachedBytes), one: mostBytes };
  const elsewhere = { clientsWithExternalId: () => [], clientsOf: () => 0, parentOf: () => undefined };
  return new Execute(store, () => Promise.resolve(), elsewhere, snapshots, now, {
    patienceMs,
    memory,
    ...(daily && { daily }),
  });
}

/** Runs commands one after the other. */
export async function runAll(execute: Execute, ...commands: Command[]): Promise<void> {
  for (const command of commands) await execute.run(command);
}

export function refuses(execute: Execute, command: Command, code: RejectionCode): Promise<void> {
  return expect(execute.run(command)).rejects.toMatchObject({ code });
}

/** Starts all at once and says what those that fail fail with. */
export async function refusalsOf(runs: readonly (() => Promise<unknown>)[]): Promise<unknown[]> {
  const results = await Promise.allSettled(runs.map((run) => run()));
  return results.flatMap((result): unknown[] => (result.status === 'rejected' ? [result.reason] : []));
}

/** The events of an account, from after a revision. */
export async function recordsOf(
  store: EventStore,
  account: string,
  after = NO_STREAM,
): Promise<AccountEventRecord[]> {
  const records: AccountEventRecord[] = [];
  for await (const page of store.readStream(accountStream(account), after)) records.push(...page.map(decode));
  return records;
}

/** The state that these events lead to, in place when one is given. */
export function fold(records: readonly AccountEventRecord[], state = emptyAccountState()): AccountState {
  for (const record of records) evolve(state, record);
  state.journal.length = 0;
  return state;
}

/** Appends an event as some other version of the service may have written it. */
export function appendRaw(
  store: EventStore,
  account: string,
  expectedRevision: number,
  type: string,
  { v = 1, data = {} }: { v?: number; data?: object } = {},
): Promise<void> {
  const actor = { id: 'system', account: null, revision: null };
  const metadata = JSON.stringify({ v, time: '2024-05-01T12:00:00.000Z', command_id: 'raw', actor });
  const event = { id: randomUUID(), type, data: JSON.stringify(data), metadata };
  return store.append(accountStream(account), expectedRevision, [event]);
}

/** A promise and the function that fulfils it. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

/** Lets everything run that needs no answer from outside. */
export async function idle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}
