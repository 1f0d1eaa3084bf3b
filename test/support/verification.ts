import { join } from 'node:path';
import type { Command } from '../../src/domain/aggregates.js';
import { LogVerification } from '../../src/application/log-verification.js';
import type { Fault } from '../../src/application/verification-watch.js';
import { ViewsCheck } from '../../src/application/views-check.js';
import { EventIds } from '../../src/event-store/event-ids.js';
import type { EventStore, RecordedEvent } from '../../src/event-store/event-store.js';
import type { LogDamage, LogReader } from '../../src/event-store/log-reader.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { openDatabase } from '../../src/event-store/sqlite.js';
import { HeldViews } from '../../src/read/held-views.js';
import { Views } from '../../src/read/views.js';
import { CommandsFor } from './commands.js';
import { runAll } from './execute.js';
import { inDirectory, Instance } from './views.js';

const [acme, client, globex] = [
  new CommandsFor('acme'),
  new CommandsFor('client'),
  new CommandsFor('globex'),
];
/** Ten events in acme, eleven with bob, five or so in its client, ten in globex. */
const commands: Command[] = [
  acme.open(),
  globex.open(),
  acme.createUser('bob'),
  client.openUnder('acme'),
  client.createUser('cleo'),
  acme.updateUser({ user_id: 'bob', first_name: 'Robert' }),
];

/** A log that is not what was written to it. */
export class Altered implements LogReader {
  /** What stands in the place of an event. */
  inAll: (event: RecordedEvent) => RecordedEvent[] = (event) => [event];
  inStream: (event: RecordedEvent) => RecordedEvent[] = (event) => [event];
  found: LogDamage[] = [];

  constructor(private readonly store: EventStore) {}

  everywhere(change: (event: RecordedEvent) => RecordedEvent[]): void {
    this.inAll = this.inStream = change;
  }
  damages(): Iterable<LogDamage> {
    return this.found;
  }
  logId(): Promise<string> {
    return this.store.logId();
  }
  async *readAll(prefix: string): AsyncIterable<readonly RecordedEvent[]> {
    for await (const page of this.store.readAll(prefix)) yield page.flatMap((event) => this.inAll(event));
  }
  async *readStream(stream: string, after: number): AsyncIterable<readonly RecordedEvent[]> {
    for await (const page of this.store.readStream(stream, after))
      yield page.flatMap((event) => this.inStream(event));
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Where the events of acme are. */
export const at = (revision: number) => (event: RecordedEvent) =>
  event.stream === 'account-acme' && event.revision === revision;
export const changed =
  (revision: number, change: Partial<RecordedEvent>) =>
  (event: RecordedEvent): RecordedEvent[] => [at(revision)(event) ? { ...event, ...change } : event];
export const without = (revision: number) => (event: RecordedEvent) => (at(revision)(event) ? [] : [event]);

export interface Scene {
  readonly store: MemoryEventStore;
  readonly log: Altered;
  /** Of the views that were made from the log. */
  readonly path: string;
  readonly verify: () => Promise<Found>;
}

export interface Found {
  readonly faults: Fault[];
  readonly notes: string[];
  readonly extent: { readonly events: number; readonly accounts: number };
}

export async function verified(log: LogReader, path: string, directory: string): Promise<Found> {
  const [faults, notes]: [Fault[], string[]] = [[], []];
  const watch = {
    signal: new AbortController().signal,
    onFault: (fault: Fault) => void faults.push(fault),
    onNote: (note: string) => void notes.push(note),
    onProgress: () => undefined,
  };
  const name = `scratch-${Math.random()}`;
  const rebuiltPath = join(directory, `${name}.views`);
  const rebuilt = Views.open(rebuiltPath);
  const ids = new EventIds(join(directory, `${name}.ids`));
  const held = HeldViews.open(path, rebuiltPath, await log.logId());
  if (typeof held === 'string') notes.push(held);
  const views = typeof held === 'string' ? undefined : held;
  try {
    const check = new ViewsCheck(rebuilt, views, watch);
    const extent = await new LogVerification(log, ids, check, watch).run();
    return { faults, notes, extent };
  } finally {
    views?.close();
    ids.close();
    rebuilt.database.close();
  }
}

/** Acme, its client and Globex in a log, with views of it in a file. */
export function scene(
  work: (scene: Scene) => Promise<void>,
  whatElse: (store: EventStore) => Promise<void> = async () => {},
) {
  return inDirectory(async (directory) => {
    const [store, path] = [new MemoryEventStore(), join(directory, 'views.db')];
    const instance = await Instance.start(store, path);
    await runAll(instance.execute, ...commands);
    await whatElse(store);
    await instance.stop();
    const log = new Altered(store);
    await work({ store, log, path, verify: () => verified(log, path, directory) });
  });
}

export function change(path: string, sql: string): void {
  const database = openDatabase(path);
  database.exec(sql);
  database.close();
}
