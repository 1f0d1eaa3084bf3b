import { join } from 'node:path';
import { startBare } from './children.mjs';
import { bodyOf, extraHeaders, load, requestAll } from './load.mjs';
import { membershipBytes, syncRate } from './log.mjs';
import { summarize } from './report.mjs';

const CONNECTIONS = 64;

/** New memberships in one account, against the bare server; and the same over many accounts, against the one. */
export async function writes(bench) {
  const { service, hot, clients, milliseconds } = bench;
  const bare = await startBareLog(bench);
  const endless = hot.endless();
  const limits = { connections: CONNECTIONS, milliseconds };
  const [one, many] = [[], []];
  const warmUp = { ...limits, milliseconds: bench.warmUpMs };
  await load(bare, endless, warmUp);
  await load(service, hot, warmUp);
  await load(service, clients, warmUp);
  for (const _ of bench.rounds()) {
    const against = await load(bare, endless, limits);
    const measured = await load(service, hot, limits);
    one.push({ measured, against });
    many.push({ measured: await load(service, clients, limits), against: measured });
  }
  await bare.stop();
  return [
    summarize('a  PUT membership, one account, to bare node:http', one, 'ratio >= 0.15 (then 0.3), p95 < 50'),
    summarize('b  the same over 100 clients, to a', many, 'ratio >= 0.9'),
  ];
}

/** One command at a time, of the service and of the bare server, against what the disk can do. */
export async function lone(bench) {
  const { service, hot, milliseconds, directoryPath } = bench;
  const bare = await startBareLog(bench);
  const limits = { connections: 1, milliseconds: milliseconds / 2 };
  const [commands, lines] = [[], []];
  await load(service, hot, { connections: CONNECTIONS, milliseconds: bench.warmUpMs });
  for (const _ of bench.rounds()) {
    const against = { rate: syncRate(directoryPath, milliseconds / 4) };
    commands.push({ measured: await load(service, hot, limits), against });
    lines.push({ measured: await load(bare, hot.endless(), limits), against });
  }
  await bare.stop();
  return [
    summarize('c  lone PUT, to fdatasync', commands, 'ratio >= 0.35'),
    summarize('   bare node:http alike, to fdatasync', lines),
  ];
}

/** The bare server that writes as many bytes for a request as the service does, and answers with as many. */
async function startBareLog({ service, hot, directoryPath }) {
  const [answer] = await requestAll(service.port, [hot.next(0)]);
  hot.answered(0, 200);
  const lineBytes = membershipBytes(directoryPath);
  const log = join(directoryPath, 'bare.log');
  return startBare({ log, lineBytes, body: bodyOf(answer), headers: extraHeaders(answer) });
}
