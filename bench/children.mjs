import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const main = join(import.meta.dirname, '..', 'dist', 'main.js');
const bareServer = join(import.meta.dirname, 'bare-server.mjs');

/** The unit of processor time in /proc on every Linux. */
const CLOCK_TICK_US = 10_000;

const children = new Set();
/** Whatever ends this process ends what it started, and nothing else. */
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

function adopt(child) {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/**
 * Starts the service as an operator would, on a free port and with a store of its own.
 * @param options directory, apiKey, profileDirectory (undefined: no profile), flags of node, further settings
 * @returns port, startMs (from the start of the process until it is ready), cpu(), memory(), stop(), isAlive(), and
 *   ended, which resolves when the process ends
 */
export async function startMuster(
  { directory, apiKey, profileDirectory, flags: more = [], settings = {} },
  patienceMs = 120_000,
) {
  const port = await freePort();
  const profile = profileDirectory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`];
  const env = {
    ...withoutSettings(process.env),
    ...{ HOST: '127.0.0.1', PORT: String(port), MUSTER_DATA_DIR: directory },
    ...{ MUSTER_ADMIN_API_KEY: apiKey, MUSTER_ADMIN_PASSWORD: 'benchmark', ...settings },
  };
  const begin = performance.now();
  const child = adopt(
    spawn(process.execPath, ['--enable-source-maps', ...profile, ...more, main], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    }),
  );
  const ended = once(child, 'exit');
  let complaint = '';
  child.stderr.on('data', (chunk) => (complaint += chunk));
  while (!(await isReady(port))) {
    if (child.exitCode !== null || performance.now() - begin > patienceMs) {
      child.kill('SIGKILL');
      throw new Error(`The service did not become ready\n${complaint}`);
    }
    await sleep(20);
  }
  const startMs = performance.now() - begin;
  return {
    port,
    startMs,
    cpu: () => cpuOf(child.pid),
    memory: () => memoryOf(child.pid),
    stop: () => stop(child),
    isAlive: () => child.exitCode === null && child.signalCode === null,
    ended,
  };
}

/** Starts the bare node:http server of `bare-server.mjs`. @returns port, cpu(), stop() */
export async function startBare(options) {
  const child = adopt(fork(bareServer, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
  child.send(options);
  const [answer] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (answer?.port === undefined) throw new Error('The bare server did not start');
  return { port: answer.port, cpu: () => cpuOf(child.pid), stop: () => stop(child) };
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  const force = setTimeout(() => child.kill('SIGKILL'), 20_000);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(force);
}

async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function isReady(port) {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`);
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Settings of whoever starts the benchmark do not count: only so do two runs compare. */
function withoutSettings(environment) {
  const isSetting = (name) => /^(MUSTER_|EVENT_STORE$|LOG_LEVEL$|PORT$|HOST$|NODE_)/.test(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isSetting(name)));
}

/** Processor time a process has taken, in microseconds; undefined where the system does not tell. */
function cpuOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_US;
  } catch {
    return undefined;
  }
}

/** Resident memory in MB, now and at its peak; undefined where the system does not tell. */
function memoryOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const megabytes = (name) => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
    return { rss: megabytes('VmRSS'), peak: megabytes('VmHWM') };
  } catch {
    return undefined;
  }
}
