import { randomBytes } from 'node:crypto';
import { startMuster } from './children.mjs';
import { Directory } from './directory.mjs';
import { Memberships } from './memberships.mjs';

const CLIENTS = 100;
const LARGE = 15_000;
const ROLE_HOLDERS = 25;
/** There are memberships left to make for a service as fast as this. */
const MOST_WRITES_A_SECOND = 20_000;

/**
 * Starts the service and fills it with what the scenarios of these names need.
 * @param options seconds: how long memberships are made, all rounds together
 */
export async function prepare({ directoryPath, names, seconds, profileDirectory }) {
  const apiKey = `mk_${randomBytes(16).toString('hex')}_${randomBytes(32).toString('base64url')}`;
  const start = () => startMuster({ directory: directoryPath, apiKey, profileDirectory });
  const directory = new Directory(undefined, apiKey);
  const bench = {
    directory,
    /** Stops the service, does something between, and starts it again. */
    async restart(between) {
      await bench.service.stop();
      between?.();
      await begin();
    },
  };
  const begin = async () => {
    bench.service = await start();
    directory.port = bench.service.port;
  };
  await begin();
  const fill = async (pairs, client) => {
    const size = Math.ceil(Math.sqrt(pairs));
    return {
      client,
      users: await directory.users(size, client),
      groups: await directory.groups(size, client),
    };
  };
  const pairs = (seconds + 5) * MOST_WRITES_A_SECOND;
  bench.hot = new Memberships(directory, [await fill(pairs)]);
  if (names.includes('writes')) {
    const accounts = [];
    for (const client of await directory.clients(CLIENTS)) accounts.push(await fill(pairs / CLIENTS, client));
    bench.clients = new Memberships(directory, accounts);
  }
  if (names.includes('reads'))
    bench.role = await directory.role(bench.hot.accounts[0].users.slice(0, ROLE_HOLDERS));
  if (names.includes('lists')) {
    const [client] = await directory.clients(1);
    await directory.groups(LARGE - 1, client);
    // With the group of all users, which every account has.
    bench.large = { client, total: LARGE };
  }
  return bench;
}
