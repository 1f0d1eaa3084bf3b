import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMuster } from './children.mjs';
import { load, request } from './load.mjs';
import { idOf, writeLongLog } from './long-log.mjs';
import { percentile, summarize } from './report.mjs';

const CONNECTIONS = 2;
const START_PATIENCE_MS = 3_600_000;

/** Questions about the past of one account with a long log, in a service of its own. */
export async function audit(bench) {
  const { say, events } = bench;
  const directory = join(bench.directoryPath, 'audit');
  mkdirSync(directory);
  const apiKey = `mk_${randomBytes(16).toString('hex')}_${randomBytes(32).toString('base64url')}`;
  await (await startMuster({ directory, apiKey })).stop();
  const log = await writeLongLog(directory, events);
  const service = await startMuster({ directory, apiKey }, START_PATIENCE_MS);
  say(`  ${log.head + 1} events, ${log.users} users; the views took ${seconds(service.startMs)}`);
  const asking = new Asking(service, apiKey, bench);
  await asking.indexed(say);
  const rows = [];
  for (const [name, paths, target] of questions(log, await asking.cursors())) {
    rows.push(await asking.row(name, paths, target));
  }
  rows.push(await asking.exported(log), ...(await asking.besides(log)));
  await service.stop();
  return rows;
}

const random = (below) => Math.floor(Math.random() * below);
const some = (pathOf) => Array.from({ length: 200 }, pathOf);

function questions({ users, groups, head }, cursors) {
  const user = () => idOf('user', random(users));
  const group = () => idOf('group', random(groups));
  const day = () => new Date(Date.now() - (1 + random(360)) * 86_400_000).toISOString();
  const of = (filter) => some(() => `/audit?${filter()}`);
  const filters = {
    'subject, a user': () => `subject=${user()}`,
    'subject, a group': () => `subject=${group()}`,
    actor: () => `actor=${idOf('user', random(50))}`,
    type: () => `type=${['UserRenamed', 'GroupCreated', 'UserRemovedFromGroup'][random(3)]}`,
    category: () => `category=${['membership', 'create', 'role'][random(3)]}`,
    'a word': () => `q=doe${random(5000)}`,
    'beginnings of two words': () => `q=ticket+${random(99)}`,
    'a day': () => `from=${day()}&limit=100&order=asc`,
    'type and actor and not a word': () => `type=UserRenamed&actor=${idOf('user', random(50))}&q!=zoe`,
    'what is nowhere': () => 'category=permission&actor=operator',
  };
  return [
    ...Object.entries(filters).map(([name, filter]) => [`g  filter: ${name}`, of(filter), 'p95 < 50']),
    ['g  first page', of(() => 'limit=100'), ''],
    ['g  deep page', of(() => `limit=100&cursor=${cursors[random(cursors.length)]}`), 'as the first'],
    ['g  one command', of(() => `from=${random(head)}&limit=1&fold=command&order=asc`), 'p95 < 50'],
    [
      'g  members of a group, as of',
      some(() => `/groups/${group()}/users?as_of=${1100 + random(head - 1100)}`),
      'p95 < 20',
    ],
    [
      'g  permissions of a user, as of',
      // Of one who was there by then.
      some(
        () =>
          `/users/${idOf('user', random(users >> 1))}/effective-permissions?as_of=${head - random(head >> 1)}`,
      ),
      'p95 < 20',
    ],
    ['g  history of a user', some(() => `/users/${user()}/history`), 'p95 < 20'],
  ];
}

/** Asks one service. */
class Asking {
  constructor(service, apiKey, { milliseconds, rounds }) {
    this.service = service;
    this.header = `authorization: Bearer ${apiKey}\r\n`;
    this.headerV1 = `kf-api-key: ${apiKey}\r\n`;
    this.headers = { authorization: `Bearer ${apiKey}` };
    this.limits = { connections: CONNECTIONS, milliseconds };
    this.rounds = rounds;
  }

  /** Waits until the log is indexed. */
  async indexed(say) {
    const begin = performance.now();
    while (!(await this.fetch('/audit?limit=1')).ok) await sleep(500);
    say(`  the first question was answered after ${seconds(performance.now() - begin)}`);
  }

  /** Cursors from everywhere in a walk through the whole log. */
  async cursors() {
    const cursors = [];
    for (let cursor = ''; cursor !== null;) {
      const answer = await this.fetch(`/audit?limit=1000${cursor && `&cursor=${cursor}`}`);
      cursor = (await answer.json()).next_cursor;
      if (cursor !== null) cursors.push(cursor);
    }
    return cursors;
  }

  async row(name, paths, target) {
    const rounds = [];
    await load(this.service, this.source(paths), { ...this.limits, milliseconds: 200 });
    for (const _ of this.rounds()) {
      const measured = await load(this.service, this.source(paths), this.limits);
      rounds.push({ measured, against: measured });
    }
    return alone(summarize(name, rounds, target));
  }

  /** The whole log as NDJSON. */
  async exported({ head }) {
    const before = this.service.memory()?.rss;
    const begin = performance.now();
    const bytes = await this.drain('/audit', { accept: 'application/x-ndjson' });
    const rate = (head + 1) / ((performance.now() - begin) / 1000);
    const after = this.service.memory();
    const memory = `${before} MB before, ${after?.rss} MB after`;
    return {
      name: `g  export, entries (${Math.round(bytes / 1e6)} MB; ${memory})`,
      rate,
      target: 'rate >= 20000',
    };
  }

  /** GETs of other callers alone, and besides an access review and an export, one after the other until both end. */
  async besides({ users }) {
    const paths = some(() => `/api/1.0/users/${idOf('user', random(users))}`);
    const idle = await this.row('g  GET user, else idle', paths, '');
    const wide = Promise.all([
      this.drain('/access-review'),
      this.drain('/audit', { accept: 'application/x-ndjson' }),
    ]);
    let isUnderWay = true;
    const over = wide.finally(() => (isUnderWay = false));
    const source = this.source(paths);
    const while_ = { ...source, next: () => (isUnderWay ? source.next() : undefined) };
    const measured = await load(this.service, while_, { connections: CONNECTIONS });
    await over;
    const name = 'g  GET user, besides an access review and an export';
    const ratio = percentile(measured.latencies, 0.95) / idle.p95;
    const row = summarize(name, [{ measured, against: measured }], 'p95 <= 2 x idle');
    return [idle, { ...alone(row), ratio }];
  }

  source(paths) {
    let sent = 0;
    return {
      next: () => {
        const path = paths[sent++ % paths.length];
        return path.startsWith('/api/1.0')
          ? request('GET', path, this.headerV1)
          : request('GET', `/api/v2${path}`, this.header);
      },
    };
  }

  fetch(path, headers = {}) {
    return fetch(`http://127.0.0.1:${this.service.port}/api/v2${path}`, {
      headers: { ...this.headers, ...headers },
    });
  }

  /** @returns how many bytes came */
  async drain(path, headers) {
    const answer = await this.fetch(path, headers);
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
    let bytes = 0;
    for await (const chunk of answer.body) bytes += chunk.length;
    return bytes;
  }
}

/** A row that is compared with nothing. */
function alone(row) {
  return { ...row, against: undefined, ratio: undefined, cpuRatio: undefined };
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
