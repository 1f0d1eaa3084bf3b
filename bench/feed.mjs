import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { Agent, createServer, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMuster } from './children.mjs';
import { Directory } from './directory.mjs';
import { Follower } from './followers.mjs';
import { load } from './load.mjs';
import { writeLongLog } from './long-log.mjs';
import { Memberships } from './memberships.mjs';
import { median, percentile, summarize } from './report.mjs';

const EVENTS = 100_000;
const PAGE = 1000;
const WRITES_A_SECOND = 500;
const STREAMS = 500;
const STUCK = 20;
const IDLE_STREAMS = 10;
const CONNECTIONS = 64;
/** As many users and as many groups as there can be memberships to make of. */
const SIDE = 700;

/** How fast events are read, how soon they come, and what those cost who wait for some, in a service of its own. */
export async function feed(bench) {
  const directory = join(bench.directoryPath, 'feed');
  mkdirSync(directory);
  const apiKey = `mk_${randomBytes(16).toString('hex')}_${randomBytes(32).toString('base64url')}`;
  await (await startMuster({ directory, apiKey })).stop();
  const { head } = await writeLongLog(directory, Math.min(EVENTS, bench.events));
  const settings = { WEBHOOK_ALLOW_PRIVATE: 'true', MUSTER_SECRET: randomBytes(24).toString('hex') };
  const profileDirectory = bench.profile;
  const service = await startMuster({ directory, apiKey, settings, profileDirectory }, 3_600_000);
  const feed = new Feed(service, apiKey, bench);
  try {
    const rows = [];
    const every = head + 1;
    rows.push(await feed.walked('h  pages of 1,000', '', every, 'rate >= 50000'));
    rows.push(await feed.walked('h  the same with include_clients', 'include_clients=true', every, ''));
    rows.push(await feed.walked('h  the same of some types', 'types=User*', undefined, ''));
    rows.push(await feed.streamed('h  one stream from the first event', every));
    rows.push(await feed.followed(1, 0, 'p95 < 100'), await feed.followed(STREAMS, STUCK, 'memory flat'));
    rows.push(...(await feed.besidesIdle()));
    return rows;
  } finally {
    await service.stop();
  }
}

class Feed {
  #made = 0;

  constructor(service, apiKey, bench) {
    this.service = service;
    this.apiKey = apiKey;
    this.bench = bench;
    this.headers = { authorization: `Bearer ${apiKey}` };
  }

  /** Events a second of one reader that walks through the whole feed. */
  async walked(name, query, events, target) {
    const [rates, cpus] = [[], []];
    for (const _ of this.bench.rounds()) {
      const [begin, cpu] = [performance.now(), this.service.cpu()];
      let [count, cursor] = [0, ''];
      for (;;) {
        const text = await this.#text(`/events?${query}&limit=${PAGE}${cursor && `&after=${cursor}`}`);
        const next = /"next":"?([\w-]+)"?}$/.exec(text.slice(-300))[1];
        for (let at = text.indexOf('"specversion"'); at >= 0; at = text.indexOf('"specversion"', at + 1))
          count += 1;
        if (next === cursor) break;
        cursor = next;
      }
      if (events !== undefined && count !== events) throw new Error(`${count} of ${events} events came`);
      rates.push(count / ((performance.now() - begin) / 1000));
      if (cpu !== undefined) cpus.push((this.service.cpu() - cpu) / count);
    }
    return { name, rate: median(rates), cpu: median(cpus), target };
  }

  async streamed(name, events) {
    const begin = performance.now();
    const follower = await Follower.open(this.service.port, this.apiKey, '', false);
    await follower.until(events);
    follower.close();
    return { name, rate: events / ((performance.now() - begin) / 1000), target: '' };
  }

  /** How long after it was asked for a write comes to followers, of which some take nothing. */
  async followed(streams, stuck, target) {
    const { service, apiKey, bench } = this;
    const query = `after=${await this.#head()}`;
    const followers = [];
    for (let opened = 0; opened < streams; opened += 1)
      followers.push(await Follower.open(service.port, apiKey, query, opened === 0));
    for (const one of followers.slice(streams - stuck)) one.stick();
    const before = service.memory();
    const { sent, seconds } = await this.#write(Math.max(5_000, 2 * bench.milliseconds));
    const [first] = followers;
    const reading = followers.slice(0, streams - stuck);
    for (const one of reading) await one.until(sent.size);
    const after = service.memory();
    const latencies = [...sent].map(([name, time]) => first.arrived.get(name) - time).sort((a, b) => a - b);
    for (const one of followers) one.close();
    const quantile = (share) => percentile(latencies, share);
    const memory = `${before?.rss} MB before, ${after?.rss} MB after`;
    return {
      name: `i  write to event, ${streams} streams, ${stuck} of them stuck (${memory})`,
      rate: sent.size / seconds,
      ...{ p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), failures: 0, target },
    };
  }

  /** Writes and reads beside a webhook and streams that want nothing of it, against the same without them. */
  async besidesIdle() {
    const { service, apiKey, bench } = this;
    const directory = new Directory(service.port, apiKey);
    // The addresses of users are taken in the company.
    const [client] = await directory.clients(1);
    const scope = `client_id=${client}`;
    const [users, groups] = [await directory.users(SIDE, client), await directory.groups(SIDE, client)];
    const writes = new Memberships(directory, [{ client, users, groups }]);
    const paths = users.map((user) => directory.get(`/users/${user}?${scope}`));
    let sent = 0;
    const reads = { next: () => paths[sent++ % paths.length] };
    const limits = { connections: CONNECTIONS, milliseconds: bench.milliseconds };
    for (const source of [writes, reads])
      await load(service, source, { ...limits, milliseconds: bench.warmUpMs });
    const rounds = { writes: [], reads: [] };
    for (const _ of bench.rounds()) {
      const against = {
        writes: await load(service, writes, limits),
        reads: await load(service, reads, limits),
      };
      const end = await this.#idle(scope);
      const measured = {
        writes: await load(service, writes, limits),
        reads: await load(service, reads, limits),
      };
      await end();
      for (const name of ['writes', 'reads'])
        rounds[name].push({ measured: measured[name], against: against[name] });
    }
    const beside = `beside an idle webhook and ${IDLE_STREAMS} idle streams, to alone`;
    return [
      summarize(`j  PUT membership ${beside}`, rounds.writes, 'ratio >= 0.95'),
      summarize(`j  GET user ${beside}`, rounds.reads, 'ratio >= 0.95'),
    ];
  }

  /** A webhook and streams that want a type of event that does not come. @returns what ends them */
  async #idle(scope) {
    const receiver = createServer((_, response) => response.writeHead(204).end());
    await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${receiver.address().port}/`;
    const { id } = JSON.parse(
      await this.#text(`/webhooks?${scope}`, 'POST', { url, event_types: ['RoleDeleted'] }),
    );
    const query = `types=RoleDeleted&after=${await this.#head(scope)}&${scope}`;
    const streams = [];
    for (let opened = 0; opened < IDLE_STREAMS; opened += 1)
      streams.push(await Follower.open(this.service.port, this.apiKey, query, false));
    return async () => {
      for (const one of streams) one.close();
      await this.#text(`/webhooks/${id}?${scope}`, 'DELETE');
      receiver.close();
    };
  }

  /** Makes groups at an even pace. @returns when each was asked for, by its name */
  async #write(milliseconds) {
    const agent = new Agent({ keepAlive: true, maxSockets: 32 });
    const [sent, work, begin] = [new Map(), [], performance.now()];
    while (performance.now() - begin < milliseconds) {
      const due = Math.floor(((performance.now() - begin) / 1000) * WRITES_A_SECOND);
      while (sent.size < due) {
        const name = `bench-${(this.#made += 1)}`;
        sent.set(name, performance.now());
        work.push(this.#make(name, agent));
      }
      await sleep(5);
    }
    await Promise.all(work);
    agent.destroy();
    return { sent, seconds: (performance.now() - begin) / 1000 };
  }

  #make(name, agent) {
    const headers = { ...this.headers, 'content-type': 'application/json' };
    const to = {
      agent,
      host: '127.0.0.1',
      port: this.service.port,
      path: '/api/v2/groups',
      method: 'POST',
      headers,
    };
    return new Promise((resolve, reject) => {
      const sending = httpRequest(to, (answer) => {
        answer.resume();
        if (answer.statusCode === 201) answer.once('end', resolve);
        else reject(new Error(`A group was answered ${answer.statusCode}`));
      });
      sending.once('error', reject);
      sending.end(JSON.stringify({ name, permissions: [] }));
    });
  }

  async #head(scope = '') {
    const { headers } = await this.#fetch(`/events?limit=1&${scope}`);
    return headers.get('muster-revision').split('@')[1];
  }

  async #text(path, method, body) {
    return (await this.#fetch(path, method, body)).text();
  }

  async #fetch(path, method = 'GET', body) {
    const answer = await fetch(`http://127.0.0.1:${this.service.port}/api/v2${path}`, {
      method,
      headers: { ...this.headers, ...(body ? { 'content-type': 'application/json' } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
    return answer;
  }
}
