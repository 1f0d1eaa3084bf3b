import { EventStoreDBClient } from '@eventstore/db-client';
import { describe, expect, it, test } from '@jest/globals';
import { clientFor } from '../../src/event-store/connection-string.js';
import { StoreUnavailable, StoreUnusable } from '../../src/event-store/event-store.js';
import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb.event-store.js';
import { failureOf } from '../../src/event-store/eventstoredb-failure.js';
import { Peer } from '../support/eventstoredb/peer.js';
import { numbered, streamOf } from '../support/log.js';

/** What a connection string is refused with. */
function refusalOf(connectionString: string): string {
  try {
    clientFor(connectionString);
  } catch (error) {
    if (error instanceof StoreUnusable) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('A connection string', () => {
  it.each([
    ['', 'it must begin with esdb:// or esdb+discover://'],
    ['kurrentdb:/h', 'it must begin with esdb:// or esdb+discover://'],
    ['xkdb://h', 'or with kurrentdb, kurrent or kdb in place of esdb'],
    ['kurrentdb://h:port', 'h:port is no host or host:port'],
    ['kdb+discover://a,b', 'takes one DNS name'],
    ['kurrent://app:secret@h?tls=maybe', 'expected true or false'],
    ['esdb:/h', 'it must begin with esdb:// or esdb+discover://'],
    ['esdb://', 'it names no host'],
    ['esdb://?tls=false', 'it names no host'],
    ['esdb://app:secret@', 'it names no host'],
    ['esdb://h:port', 'h:port is no host or host:port'],
    ['esdb://h:21x', 'h:21x is no host or host:port'],
    ['esdb://h:0', 'h:0 is no host or host:port'],
    ['esdb://h:-1', 'h:-1 is no host or host:port'],
    ['esdb://h:99999', 'h:99999 is no host or host:port'],
    ['esdb://h:2113:1', 'h:2113:1 is no host or host:port'],
    ['esdb://a:2113,b:x', 'b:x is no host or host:port'],
    ['esdb://a,,b', ' is no host or host:port'],
    ['esdb+discover://a,b', 'takes one DNS name; use esdb:// to name several nodes'],
    ['esdb://h?colour=red', 'there is no option colour; there are tls, tlsCAFile,'],
    ['esdb://h?gossipTimeout=5000', 'gossipTimeout is in seconds, at most 300'],
    ['esdb://h?gossip-timeout=301', 'gossipTimeout is in seconds, at most 300'],
    ['esdb://h?gossipTimeout=0', 'gossipTimeout must be a whole number'],
    ['esdb://h?maxDiscoverAttempts=few', 'maxDiscoverAttempts must be a whole number'],
    ['esdb://h?discoveryInterval=1.5', 'discoveryInterval must be a whole number'],
    ['esdb://h?defaultDeadline=-1', 'Invalid defaultDeadline'],
    ['esdb://h?tlsVerifyCert=false', "cannot be switched off; name the server's authority with tlsCAFile"],
    ['esdb://h?TLS_VERIFY_CERT=false', 'cannot be switched off'],
    ['esdb://h?throwOnAppendFailure=false', 'throwOnAppendFailure must stay true'],
    ['esdb://h?tls=maybe', 'expected true or false'],
    ['esdb://h?tls', '?key=value'],
    ['esdb://h?nodePreference=best', 'expected leader or follower'],
    ['esdb://h?tlsCAFile=/nowhere/ca.crt', 'Failed to load certificate file'],
    ['esdb://h?userCertFile=/nowhere/user.crt', 'userCertFile must be given with accompanying userKeyFile'],
    ['esdb://app@h', 'credentials are user:password'],
    ['esdb://app:@h', 'credentials are user:password'],
    ['esdb://app:se:cret@h', 'with %3A for a colon'],
    ['esdb://app:se@cret@h', '%40 for an @'],
    ['esdb://app:secret%@h', 'write %25 for a %'],
    ['esdb://app:secret?@h', '%3F for a ? in a password'],
    ['esdb://app:secret?tls=1@h', '%3F for a ? in a password'],
    ['esdb://app:secret@h?tls=maybe', 'expected true or false'],
    ['esdb://app:secret@h?colour=red', 'there is no option colour'],
  ])('%s is refused in plain words, without the password', (connectionString, problem) => {
    const refusal = refusalOf(connectionString);
    expect(refusal).toMatch(/^The connection string of EventStoreDB is wrong: /);
    expect(refusal).toContain(problem);
    expect(refusal).not.toMatch(/secret|cret/);
  });

  const options = [
    ...['tls=false', 'tls=true', `tlsCAFile=${Peer.caFile}`, 'tlsVerifyCert=true', 'connectionName=a%20b'],
    ...[`userCertFile=${Peer.caFile}&userKeyFile=${Peer.caFile.replace('.crt', '.key')}`],
    ...['leader', 'follower', 'random', 'readOnlyReplica'].map((name) => `nodePreference=${name}`),
    ...['maxDiscoverAttempts=3', 'discoveryInterval=50', 'gossipTimeout=5', 'keepAliveInterval=10000'],
    ...[
      'keepAliveInterval=-1',
      'keepAliveTimeout=20000',
      'defaultDeadline=5000',
      'throwOnAppendFailure=true',
    ],
    ...['NODE_PREFERENCE=leader', 'gossip-timeout=300'],
  ];
  it.each([
    ...[
      'esdb://h',
      'esdb://h/',
      'esdb://h:2113',
      'esdb://a,b:2114,c',
      'esdb+discover://cluster.example:2113',
    ],
    ...['esdb://app:p%3A%40%25ss@h', 'esdb://a:1,b:2?tls=false&gossipTimeout=1'],
    ...options.map((option) => `esdb://h?${option}`),
    ...['kurrentdb://h', 'kurrent://app:secret@a,b:2114?tls=true', 'kdb+discover://cluster.example'],
  ])('%s is accepted', (connectionString) => {
    expect(clientFor(connectionString)).toBeInstanceOf(EventStoreDBClient);
  });
});

test.each(['esdb', 'kurrentdb', 'kurrent', 'kdb'])('%s:// reaches the server', async (scheme) => {
  const peer = await Peer.start();
  const store = EventStoreDbEventStore.open(`${scheme}://127.0.0.1:${peer.port}?tls=false`);
  try {
    await store.append('s', -1, numbered(1));
    expect(await streamOf(store, 's')).toHaveLength(1);
  } finally {
    await store.close();
    await peer.stop();
  }
});

describe('A server that cannot be used', () => {
  const credentials = { username: 'app', password: 'secret' };
  const ca = `tls=true&tlsCAFile=${Peer.caFile}`;

  it.each<[string, boolean, (port: number) => string, typeof StoreUnusable, string]>([
    [
      'is not there',
      false,
      () => 'esdb://127.0.0.1:1?tls=false',
      StoreUnavailable,
      'check that the server runs and that the connection string names its host and port',
    ],
    [
      'has an unknown name',
      false,
      () => 'esdb://nowhere.invalid?tls=false',
      StoreUnavailable,
      'names its host and port',
    ],
    [
      'is no cluster',
      false,
      () => 'esdb://127.0.0.1:1,127.0.0.1:2?tls=false&discoveryInterval=1',
      StoreUnavailable,
      'no node answered: check that they run',
    ],
    ['speaks no TLS', false, (port) => `esdb://127.0.0.1:${port}`, StoreUnavailable, 'add tls=false'],
    [
      'speaks TLS',
      true,
      (port) => `esdb://localhost:${port}?tls=false`,
      StoreUnavailable,
      'remove tls=false',
    ],
    [
      'has a certificate that nobody knows',
      true,
      (port) => `esdb://app:secret@localhost:${port}`,
      StoreUnavailable,
      'name its authority with tlsCAFile or NODE_EXTRA_CA_CERTS',
    ],
    [
      'has another password',
      true,
      (port) => `esdb://app:guess@localhost:${port}?${ca}`,
      StoreUnusable,
      'check user and password in the connection string',
    ],
    [
      'wants a password',
      true,
      (port) => `esdb://localhost:${port}?${ca}`,
      StoreUnusable,
      'check user and password in the connection string',
    ],
  ])('because it %s is told with what to do', async (_, tls, urlOf, kind, advice) => {
    const peer = await Peer.start(tls ? { tls, credentials } : {});
    const store = EventStoreDbEventStore.open(urlOf(peer.port));
    try {
      for (const call of [() => store.append('s', -1, numbered(1)), () => streamOf(store, 's')]) {
        const error: unknown = await call().catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(kind);
        expect(String(error)).toContain(advice);
        expect(String(error)).not.toMatch(/\n|secret|guess/);
      }
    } finally {
      await store.close();
      await peer.stop();
    }
  });

  it.each([
    [
      "Hostname/IP does not match certificate's altnames: Host: h. is not in the cert's altnames",
      'other names',
    ],
    ['certificate has expired', 'renew it'],
    ['unable to get local issuer certificate', 'tlsCAFile'],
    ['connect ETIMEDOUT 10.0.0.1:2113', 'names its host and port'],
    ['read ECONNRESET', 'remove tls=false'],
  ])('%s, is explained', (message, advice) => {
    expect(failureOf(new Error(`No connection established. Last error: ${message}`), 's').message).toContain(
      advice,
    );
  });
});
