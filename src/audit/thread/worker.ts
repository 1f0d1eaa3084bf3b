import { constants, getPriority, setPriority } from 'node:os';
import { platform } from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { Logger } from '@nestjs/common';
import { memoryBudget } from '../../application/memory-budget.js';
import { Snapshots } from '../../application/snapshots.js';
import { Rejection } from '../../domain/rejection.js';
import type { RecordedEvent } from '../../event-store/event-store.js';
import { codeVersion } from '../code-version.js';
import { entryOf } from '../entry/entry-of.js';
import { AuditIndex } from '../index/audit-index.js';
import { Past } from '../past/past.js';
import { isAboutPast, type PastQuestion } from '../past/past-question.js';
import { ViewsFile } from '../past/views-file.js';
import type { AuditQuestion } from '../question.js';
import { PagesAhead } from './pages-ahead.js';
import { RemoteCalls } from './remote-calls.js';

/** What the thread is started with. */
export interface WorkerSettings {
  /** Of the index's file. */
  readonly path: string;
  /** Of the directory with the snapshots of accounts. */
  readonly snapshots: string;
  /** Of the file of the views. */
  readonly views: string;
  /** Percent of the heap that the states of accounts may take, one of them half of that. */
  readonly accountsMemory: number;
}

/** How much nicer this thread is (`setpriority(2)`) than the one that serves requests. */
const NICER = 5;

if (parentPort === null) throw new Error('This is the audit index, which runs on a thread of its own');
const { path, snapshots: directory, views, accountsMemory } = workerData as WorkerSettings;
const { one: mostBytes } = memoryBudget(accountsMemory);
giveWay();

const calls: RemoteCalls = new RemoteCalls(parentPort, {
  answer: (question: AuditQuestion | PastQuestion, signal) =>
    isAboutPast(question) ? past.answer(question, signal) : index.answer(question, signal),
  note: (heads: readonly (readonly [string, number])[]) => index.note(heads),
  stop: async () => {
    past.close();
    const stopped = index.stop();
    // What is asked of the main thread is not waited for any more.
    calls.failAll(new Rejection('unavailable', 'The service is stopping'));
    await stopped;
    process.exit();
  },
});

const tell = (level: string) => (message: unknown, context?: unknown) =>
  void calls.call('tell', {
    level,
    message: String(message),
    context: typeof context === 'string' ? context : '',
  });
// The process has one log, which is written by the main thread.
Logger.overrideLogger({ log: tell('log'), error: tell('error'), warn: tell('warn') });

const logId = async () => String(await calls.call('logId', undefined));
const snapshots = new Snapshots(directory, logId);

const pages = new PagesAhead(
  async (account, after) => (await calls.call('events', { account, after })) as readonly RecordedEvent[],
);

const index: AuditIndex = new AuditIndex(
  { path, code: codeVersion(), entryOf, mostBytes },
  {
    logId,
    events: (account, after) => pages.after(account, after),
    isBusy: async () => (await calls.call('isBusy', undefined)) === true,
    snapshot: (account) => snapshots.load(account, mostBytes),
  },
);

const past = new Past(
  new ViewsFile(views),
  index,
  async (account, keyIds) =>
    (await calls.call('lastUses', { account, keyIds })) as ReadonlyMap<string, number>,
);

/** Has the thread that serves requests go first where processors are few. */
function giveWay(): void {
  // On Linux 0 is this thread. Elsewhere it is the whole process.
  if (platform !== 'linux') return;
  try {
    setPriority(0, Math.min(getPriority(0) + NICER, constants.priority.PRIORITY_LOW));
  } catch {
    // Where that is forbidden both threads go alike.
  }
}
