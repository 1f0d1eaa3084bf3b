import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBare } from './children.mjs';
import { bodyOf, extraHeaders, load, requestAll } from './load.mjs';
import { summarize } from './report.mjs';

const CONNECTIONS = 64;
const LIST_CONNECTIONS = 8;
const PAGE = 100;

/** Single things, against the bare server with the same query. */
export async function reads(bench) {
  const { users, groups } = bench.hot.accounts[0];
  const measure = (name, paths) =>
    compare(bench, `d  GET ${name}, to bare node:http`, paths, CONNECTIONS, 'ratio >= 0.7');
  return [
    await measure(
      'user',
      users.map((user) => `/users/${user}`),
    ),
    await measure(
      'group',
      groups.map((group) => `/groups/${group}`),
    ),
    await measure('users of a role', [`/roles/${bench.role}/users`]),
  ];
}

/** The first and the last page of a long list, against the bare server with the same query. */
export async function lists(bench) {
  const { client, total } = bench.large;
  const measure = (name, offset) => {
    const path = `/groups?client_id=${client}&limit=${PAGE}&offset=${offset}`;
    return compare(
      bench,
      `e  ${name} of ${total} groups, to bare node:http`,
      [path],
      LIST_CONNECTIONS,
      'p95 < 10',
    );
  };
  return [await measure('first page', 0), await measure('last page', total - PAGE)];
}

/** Reads some paths in turn from the service and from the bare server, whose answers must be the same. */
async function compare(bench, name, paths, connections, target) {
  const { service, directory, directoryPath } = bench;
  const requests = paths.map((path) => directory.get(path));
  const [answer] = await requestAll(service.port, requests.slice(0, 1));
  // The views commit at intervals; only then does another process see them.
  await sleep(300);
  const headers = extraHeaders(answer);
  const [company] = headers['muster-revision'].split('@');
  const bare = await startBare({ views: join(directoryPath, 'views.db'), company, headers });
  const [bareAnswer] = await requestAll(bare.port, requests.slice(0, 1));
  if (bodyOf(bareAnswer) !== bodyOf(answer))
    throw new Error(`The servers answer differently:\n${bodyOf(answer)}\n${bodyOf(bareAnswer)}`);
  let sent = 0;
  const source = { next: () => requests[sent++ % requests.length] };
  const limits = { connections, milliseconds: bench.milliseconds / 4 };
  const warmUp = { connections, milliseconds: bench.warmUpMs / 2 };
  await load(bare, source, warmUp);
  await load(service, source, warmUp);
  const rounds = [];
  for (const _ of bench.rounds()) {
    const against = await load(bare, source, limits);
    rounds.push({ measured: await load(service, source, limits), against });
  }
  await bare.stop();
  return summarize(name, rounds, target);
}
