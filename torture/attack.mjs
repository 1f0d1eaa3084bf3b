import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { startMuster } from '../bench/children.mjs';
import { attacksOn } from './attacks.mjs';
import { newKey, setScene } from './scene.mjs';
import { percentile } from './victim.mjs';

const HEAP_MB = 512;
const MOST_P99_MS = 250;
const MOST_RSS_MB = 400;
const PROGRESS_MS = 10_000;
/** How long what is under way at the end may take. */
const LAST_MS = 40_000;

/**
 * Attacks one instance by all means at once, while the requests of another tenant are measured.
 * @param options minutes, directory, say (takes a line)
 * @returns the figures, and what was not reached
 */
export async function attack({ minutes, directory, say }) {
  const operatorKey = newKey();
  const server = await startMuster({
    ...{ directory, apiKey: newKey(), flags: [`--max-old-space-size=${HEAP_MB}`] },
    settings: { MUSTER_OPERATOR_KEY: operatorKey, LOG_LEVEL: 'warn' },
  });
  say('opening companies …');
  const scene = await setScene({ port: server.port, operatorKey });
  const stopping = new AbortController();
  const { attacks, close } = attacksOn(scene);
  const counts = new Map(Object.keys(attacks).map((name) => [name, new Map()]));
  const steps = Object.entries(attacks).flatMap(([name, [atOnce, step]]) =>
    Array.from({ length: atOnce }, () =>
      repeat(step, stopping.signal, (status) => count(counts.get(name), status)),
    ),
  );
  const recent = [];
  const victim = onThread(scene, stopping.signal, (ms) => recent.push(ms));
  const memory = { most: 0 };
  const begin = performance.now();
  const watching = watch(server, stopping.signal, memory, () => {
    const sorted = recent.splice(0).sort((a, b) => a - b);
    const [seconds, rss] = [Math.round((performance.now() - begin) / 1000), server.memory()?.rss];
    say(`${seconds} s: the victim waits ${percentile(sorted, 0.99).toFixed(0)} ms (p99), ${rss} MB resident`);
  });
  await Promise.race([sleep(minutes * 60_000), server.ended]);
  stopping.abort();
  await watching;
  const measured = await Promise.race([victim, sleep(LAST_MS)]);
  close();
  await Promise.race([Promise.all(steps), sleep(LAST_MS)]);
  const isAlive = server.isAlive();
  await server.stop();
  return judge({ isAlive, measured, memory: memory.most, counts });
}

/** Measures the victim until the signal aborts. */
function onThread(scene, signal, onAnswer) {
  const thread = new Worker(new URL('./victim-thread.mjs', import.meta.url), { workerData: scene });
  signal.addEventListener('abort', () => thread.postMessage('stop'));
  return new Promise((resolve, reject) => {
    thread.on('error', reject);
    thread.on('message', ({ ms, measured }) => (measured ? resolve(measured) : onAnswer(ms)));
  });
}

async function repeat(step, signal, onStatus) {
  while (!signal.aborted) {
    const { status } = await step();
    onStatus(status);
    // An attacker who is refused tries again, but leaves the processor to the service now and then.
    if (status === 429 || status === 0) await sleep(20);
  }
}

async function watch(server, signal, memory, onProgress) {
  for (let next = performance.now() + PROGRESS_MS; !signal.aborted;) {
    await sleep(200, undefined, { signal }).catch(() => undefined);
    memory.most = Math.max(memory.most, server.memory()?.rss ?? 0);
    if (performance.now() < next) continue;
    next += PROGRESS_MS;
    onProgress();
  }
}

function count(statuses, status) {
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
}

function judge({ isAlive, measured, memory, counts }) {
  const { latencies = [], signIns = [], failures = [] } = measured ?? {};
  const [p50, p99, longest] = [
    percentile(latencies, 0.5),
    percentile(latencies, 0.99),
    latencies.at(-1) ?? 0,
  ];
  const unreached = [
    ...(isAlive ? [] : ['the process has ended']),
    ...(measured ? [] : ['requests of the victim were not answered']),
    ...(failures.length > 0 ? [`${failures.length} requests of the victim failed`] : []),
    ...(p99 > MOST_P99_MS ? [`p99 of the victim is ${p99.toFixed(0)} ms, more than ${MOST_P99_MS}`] : []),
    ...(memory > MOST_RSS_MB ? [`${memory} MB were resident, more than ${MOST_RSS_MB}`] : []),
  ];
  const figures = {
    requests: latencies.length,
    p50,
    p99,
    longest,
    signIns: signIns.length,
    longestSignIn: signIns.at(-1) ?? 0,
    memory,
  };
  return { figures, failures, counts, unreached };
}
