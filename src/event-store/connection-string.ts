import { EventStoreDBClient } from '@eventstore/db-client';
import { StoreUnusable } from './event-store.js';
import { asEsdb } from './server-address.js';

/** The greatest timeout that is taken for seconds. A greater one is probably meant in milliseconds. */
const LONGEST_GOSSIP_TIMEOUT_S = 300;

const options = [
  ...['tls', 'tlsCAFile', 'userCertFile', 'userKeyFile', 'connectionName', 'nodePreference'],
  ...['maxDiscoverAttempts', 'discoveryInterval', 'gossipTimeout', 'keepAliveInterval', 'keepAliveTimeout'],
  ...['defaultDeadline', 'throwOnAppendFailure', 'tlsVerifyCert'],
];

const integers = [
  ...['maxDiscoverAttempts', 'discoveryInterval', 'gossipTimeout'],
  ...['keepAliveInterval', 'keepAliveTimeout', 'defaultDeadline'],
];

/**
 * Makes a client from a connection string with the options of `@eventstore/db-client` 6.2. The string is
 * `esdb://…`, `esdb+discover://…` or one of KurrentDB's schemes. The client does not connect yet.
 * @throws StoreUnusable also for what the client would accept and then ignore or misread. The
 * message holds no password.
 */
export function clientFor(address: string): EventStoreDBClient {
  const connectionString = asEsdb(address);
  const problem = problemOf(connectionString);
  if (problem !== undefined) throw wrong(problem);
  try {
    return EventStoreDBClient.connectionString(connectionString);
  } catch (error) {
    throw wrong(error instanceof Error ? withoutPassword(error.message, connectionString) : String(error));
  }
}

function problemOf(connectionString: string): string | undefined {
  const [, protocol, rest = ''] = /^([^:]+):\/\/(.*)$/.exec(connectionString) ?? [];
  if (protocol !== 'esdb' && protocol !== 'esdb+discover')
    return 'it must begin with esdb:// or esdb+discover://, or with kurrentdb, kurrent or kdb in place of esdb';
  const [address = '', query] = rest.split('?', 2);
  const at = address.lastIndexOf('@');
  const hosts = address.slice(at + 1);
  if (at >= 0 && !/^[^:@]+:[^:@]+$/.test(address.slice(0, at)))
    return 'credentials are user:password, with %3A for a colon and %40 for an @ in either';
  if (/%(?![0-9a-f]{2})/i.test(address.slice(0, at))) return 'write %25 for a % in user or password';
  if (query?.includes('@')) return 'write %40 for an @ in an option, and %3F for a ? in a password';
  if (hosts === '') return 'it names no host';
  const unusable = hosts
    .replace(/\/+$/, '')
    .split(',')
    .find((host) => !isHost(host));
  if (unusable !== undefined) return `${unusable} is no host or host:port`;
  if (protocol === 'esdb+discover' && hosts.includes(','))
    return 'esdb+discover:// takes one DNS name; use esdb:// to name several nodes';
  for (const [name, value] of new URLSearchParams(query)) {
    const option = options.find((known) => plain(known) === plain(name));
    if (option === undefined) return `there is no option ${name}; there are ${options.join(', ')}`;
    const problem = problemOfOption(option, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOfOption(option: string, value: string): string | undefined {
  if (option === 'tlsVerifyCert' && value !== 'true')
    return "tlsVerifyCert cannot be switched off; name the server's authority with tlsCAFile";
  if (option === 'throwOnAppendFailure' && value !== 'true') return 'throwOnAppendFailure must stay true';
  if (integers.includes(option) && !/^(-1|[1-9]\d*)$/.test(value)) return `${option} must be a whole number`;
  if (option === 'gossipTimeout' && Number(value) > LONGEST_GOSSIP_TIMEOUT_S)
    return `gossipTimeout is in seconds, at most ${LONGEST_GOSSIP_TIMEOUT_S}`;
  return undefined;
}

/** Checks what the client does not: it takes any number for a port, and of other text the leading digits. */
function isHost(text: string): boolean {
  const parts = /^[^:\s]+(?::(?<port>\d{1,5}))?$/.exec(text);
  const port = Number(parts?.groups?.port ?? 2113);
  return parts !== null && port > 0 && port < 65_536;
}

/** The name as the client compares it: letter case, hyphens and underscores do not count. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

function withoutPassword(message: string, connectionString: string): string {
  const [, password] = /:\/\/[^:@/]*:([^@]*)@/.exec(connectionString) ?? [];
  return password ? message.replaceAll(password, '…') : message;
}

function wrong(problem: string): StoreUnusable {
  return new StoreUnusable(`The connection string of EventStoreDB is wrong: ${problem}`);
}
