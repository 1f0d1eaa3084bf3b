import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { CachedAccount } from '../dist/application/cached-account.js';
import { Execute } from '../dist/application/execute.js';
import { Snapshots } from '../dist/application/snapshots.js';
import { UpdateAccount } from '../dist/domain/account.js';
import { encode } from '../dist/event-store/codec.js';
import { SqliteEventStore } from '../dist/event-store/sqlite.event-store.js';

const BATCH = 500;
const ACCOUNT = fixedId('account', 0);
const meta = { commandId: 'bench', requestId: 'bench', via: 'v1', actor: { type: 'operator' } };

const help = `Measures how long a large account takes until it has carried out its first command in a new process,
without a snapshot and with one. The account consists of users who are each in ten groups.

  nest build && node bench/cold-account.mjs [events] [groups]     (1000000, 1000)

BENCH_DIR is a directory on the disk to measure (default: the system's directory for temporary files).
`;

if (process.send) await child();
else if (process.argv.includes('--help')) process.stdout.write(help);
else await run(Number(process.argv[2] ?? 1_000_000), Number(process.argv[3] ?? 1000));

async function run(count, groups) {
  const directory = mkdtempSync(join(process.env.BENCH_DIR || tmpdir(), 'muster-cold-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const written = await fill(directory, count, groups);
  say(`${written} events in one account`);
  for (let round = 0; round < 3; round += 1)
    say(`without a snapshot: ${shown(await measured(directory, 'cold'))}`);
  for (let round = 0; round < 3; round += 1) say(`saving: ${shown(await measured(directory, 'save'))}`);
  const folder = join(directory, 'snapshots');
  for (const file of readdirSync(folder))
    say(`${(statSync(join(folder, file)).size / 1e6).toFixed(1)} MB in ${file}`);
  for (let round = 0; round < 5; round += 1)
    say(`with a snapshot: ${shown(await measured(directory, 'warm'))}`);
}

/** Appends events as the service would have written them. @returns how many */
async function fill(directory, count, groups) {
  const store = SqliteEventStore.open(directory);
  let revision = -1;
  let batch = [];
  const flush = async () => {
    const events = encode(batch, meta, null, new Date().toISOString(), randomUUID);
    const proposed = events.map((event) => event.proposed);
    await store.append(`account-${ACCOUNT}`, revision, proposed);
    revision += batch.length;
    batch = [];
  };
  for (const event of history(count, groups)) if (batch.push(event) === BATCH) await flush();
  if (batch.length > 0) await flush();
  await store.close();
  return revision + 1;
}

function* history(count, groups) {
  yield { type: 'CompanyOpened', data: { name: 'Large', all_users_group_id: fixedId('all', 0) } };
  for (let n = 0; n < groups; n += 1) {
    const facts = { name: `Group ${n}`, description: '', external_id: null, permissions: [] };
    yield { type: 'GroupCreated', data: { group_id: fixedId('group', n), ...facts } };
  }
  const users = Math.floor((count - groups - 1) / 11);
  for (let n = 0; n < users; n += 1) {
    const facts = { first_name: 'Jane', last_name: `Doe ${n}`, external_id: `external-${n}` };
    const email = `jane.${n}@company.example`;
    yield { type: 'UserCreated', data: { user_id: fixedId('user', n), ...facts, email } };
  }
  for (let round = 0; round < 10; round += 1)
    for (let n = 0; n < users; n += 1) {
      const group_id = fixedId('group', (n * 7 + round * 13) % groups);
      const data = { user_id: fixedId('user', n), group_id, can_edit: n % 2 === 0 };
      yield { type: 'UserAddedToGroup', data };
    }
}

/** An id as long as a real one, the same for the same number. */
function fixedId(kind, number) {
  const head = Buffer.from(kind).toString('hex').padEnd(16, '0');
  return head + (Math.imul(number, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0') + hex8(number);
}

function hex8(number) {
  return number.toString(16).padStart(8, '0');
}

async function measured(directory, what) {
  const process = fork(import.meta.filename);
  process.send({ directory, what });
  const [answer] = await once(process, 'message');
  await once(process, 'exit');
  return answer;
}

async function child() {
  const [{ directory, what }] = await once(process, 'message');
  const store = SqliteEventStore.open(directory);
  const snapshots = new Snapshots(join(directory, 'snapshots'), () => store.logId());
  const answer = await { cold: first, warm: first, save }[what](
    store,
    what === 'cold' ? undefined : snapshots,
  );
  answer.peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
  await store.close();
  process.send(answer, () => process.disconnect());
}

/** From nothing in memory to the acknowledgement of the first command, and the longest the event loop was held. */
async function first(store, snapshots) {
  const execute = new Execute(store, () => Promise.resolve(), snapshots);
  const longest = watchLoop();
  const stop = clock();
  const data = { name: `Renamed ${Date.now()}` };
  await execute.run(new UpdateAccount(ACCOUNT, data, meta));
  const times = { ...stop(), heldMs: longest() };
  await execute.close();
  return times;
}

async function save(store, snapshots) {
  const account = new CachedAccount(ACCOUNT);
  await account.catchUp(store);
  const longest = watchLoop();
  const stop = clock();
  await account.save(snapshots, new AbortController().signal);
  return { ...stop(), heldMs: longest() };
}

/** @returns tells the time since and the processor time of the process, all its threads together */
function clock() {
  const begin = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { ms: performance.now() - begin, cpuMs: (user + system) / 1000 };
  };
}

function watchLoop() {
  let last = performance.now();
  let longest = 0;
  let isWatching = true;
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (isWatching) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    isWatching = false;
    return longest;
  };
}

function shown({ ms, cpuMs, heldMs, peakMb }) {
  const times = `${Math.round(ms)} ms (processor time ${Math.round(cpuMs)} ms)`;
  return `${times}, event loop held for ${Math.round(heldMs)} ms at most, peak memory ${peakMb} MB`;
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
