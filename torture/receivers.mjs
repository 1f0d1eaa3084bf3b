import { createServer } from 'node:http';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMuster } from '../bench/children.mjs';
import { bearer, Caller } from './call.mjs';
import { newKey } from './scene.mjs';
import { percentile } from './victim.mjs';

const WRITES_A_SECOND = 50;
/** Webhooks to receivers of each bad kind. */
const BAD_OF_A_KIND = 5;
/** How often the measurement without bad receivers and the one with them take turns. */
const TURNS = 3;
/** What counts as unchanged: so much more, in parts and in milliseconds. */
const MORE = 1.25;
const MORE_MS = 5;
const MORE_MB = 100;

const bad = {
  hangs: () => undefined,
  'answers 500': (_, reply) => reply.writeHead(500).end('no'),
  redirects: (_, reply) => reply.writeHead(302, { location: '/elsewhere' }).end(),
  resets: (request) => request.socket.destroy(),
};

/**
 * Measures what receivers that do not accept anything change for another webhook and for commands.
 * @param options minutes, directory, say (takes a line)
 * @returns the figures without and with bad receivers, and what was not reached
 */
export async function receivers({ minutes, directory, say }) {
  const apiKey = newKey();
  const server = await startMuster({
    ...{ directory, apiKey, flags: ['--max-old-space-size=512'] },
    settings: { WEBHOOK_ALLOW_PRIVATE: 'true', LOG_LEVEL: 'warn' },
  });
  const caller = new Caller(server.port, { headers: bearer(apiKey), connections: 16 });
  const arrivals = [];
  const good = await listening((request, reply) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      arrivals.push(Date.now() - Date.parse(JSON.parse(Buffer.concat(pieces)).time));
      reply.writeHead(204).end();
    });
  });
  await hook(caller, good.url);
  const opened = [good];
  const hooks = [];
  for (const [kind, answer] of Object.entries(bad)) {
    const receiver = await listening((request, reply) => {
      request.resume().on('end', () => answer(request, reply));
    });
    opened.push(receiver);
    for (let n = 0; n < BAD_OF_A_KIND; n += 1) hooks.push(await hook(caller, receiver.url));
    say(`${BAD_OF_A_KIND} webhooks to a receiver that ${kind}`);
  }
  const all = (what) => Promise.all(hooks.map((id) => caller.need('POST', `/api/v2/webhooks/${id}/${what}`)));
  const { id: group } = await caller.need('POST', '/api/v2/groups', { name: 'torture', permissions: [] });
  await all('pause');
  const phases = { without: empty(), with: empty() };
  const seconds = (minutes * 60) / TURNS / 2;
  await measure({ caller, group, arrivals, server }, 5, empty());
  for (let turn = 0; turn < TURNS; turn += 1)
    for (const [name, phase] of Object.entries(phases)) {
      await all(name === 'with' ? 'resume' : 'pause');
      // What the receivers missed meanwhile is planned now; that is no part of the measurement.
      await measure({ caller, group, arrivals, server }, 3, empty());
      await measure({ caller, group, arrivals, server }, seconds, phase);
      say(`${name} bad receivers: ${line(figuresOf(phase))}`);
    }
  const isAlive = server.isAlive();
  caller.close();
  await server.stop();
  for (const { close } of opened) close();
  const figures = { without: figuresOf(phases.without), with: figuresOf(phases.with) };
  return { figures, unreached: judge(figures, isAlive, phases) };
}

export function line({ events, p95, commands, p99, memory }) {
  return `${events} events arrived, p95 ${p95.toFixed(0)} ms; ${commands} commands, p99 ${p99.toFixed(1)} ms; ${memory} MB resident`;
}

async function hook(caller, url) {
  const { id } = await caller.need('POST', '/api/v2/webhooks', { url, event_types: ['Group*'] });
  return id;
}

async function listening(listener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}

function empty() {
  return { commands: [], arrivals: [], memory: 0, failed: 0, missing: 0 };
}

/** Renames a group at a steady pace, and waits until the good receiver has been told of all of it. */
async function measure({ caller, group, arrivals, server }, seconds, phase) {
  arrivals.length = 0;
  const sent = [];
  const begin = performance.now();
  for (let number = 0; performance.now() - begin < seconds * 1000; number += 1) {
    sent.push(caller.call('PATCH', `/api/v2/groups/${group}`, { name: `torture ${number % 2}` }));
    const next = begin + ((number + 1) * 1000) / WRITES_A_SECOND;
    await sleep(Math.max(next - performance.now(), 0));
    phase.memory = Math.max(phase.memory, server.memory()?.rss ?? 0);
  }
  const answers = await Promise.all(sent);
  const done = answers.filter(({ status }) => status === 200).length;
  phase.failed += answers.length - done;
  for (let waited = 0; arrivals.length < done - 1 && waited < 100; waited += 1) await sleep(50);
  phase.missing += Math.max(done - 1 - arrivals.length, 0);
  phase.commands.push(...answers.map(({ ms }) => ms));
  phase.arrivals.push(...arrivals);
}

function figuresOf({ commands, arrivals, memory }) {
  const sorted = (list) => [...list].sort((a, b) => a - b);
  return {
    events: arrivals.length,
    p95: percentile(sorted(arrivals), 0.95),
    commands: commands.length,
    p99: percentile(sorted(commands), 0.99),
    memory,
  };
}

function judge({ without, with: beside }, isAlive, phases) {
  const isMore = (now, then) => now > then * MORE + MORE_MS;
  const sum = (name) => phases.without[name] + phases.with[name];
  return [
    ...(isAlive ? [] : ['the process has ended']),
    ...(sum('failed') > 0 ? [`${sum('failed')} commands failed`] : []),
    ...(sum('missing') > 0 ? [`${sum('missing')} events came too late to the good receiver`] : []),
    ...(isMore(beside.p95, without.p95) ? ['the good webhook is slower beside bad receivers'] : []),
    ...(isMore(beside.p99, without.p99) ? ['commands are slower beside bad receivers'] : []),
    ...(beside.memory > without.memory + MORE_MB ? [`more than ${MORE_MB} MB more are resident`] : []),
  ];
}
