import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Cluster } from '../support/eventstoredb/cluster.js';
import { Peer } from '../support/eventstoredb/peer.js';

let client: EventStoreDBClient;
const event = jsonEvent({ type: 'Made', data: {} });

describe.each([true, false])('two peers with one log, with BatchAppend %s', (batchAppend) => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = await Cluster.start({ batchAppend });
    client = EventStoreDBClient.connectionString(cluster.url);
  });
  afterEach(async () => {
    await client.dispose();
    await cluster.stop();
  });
  const append = (requiresLeader = true) =>
    client.appendToStream('s', event, { expectedRevision: NO_STREAM, requiresLeader });

  it('the client finds the leader', async () => {
    cluster.lead(cluster.second);
    await append();
    expect([cluster.first.appends.received, cluster.second.appends.received]).toEqual([0, 1]);
  });

  it('a follower names the leader to those who require one, and serves the others', async () => {
    await append();
    cluster.lead(cluster.second);
    await expect(append()).rejects.toMatchObject({
      type: 'not-leader',
      leader: { address: cluster.second.host, port: cluster.second.port },
    });
    expect(await append()).toMatchObject({ nextExpectedRevision: 0n });
    expect(cluster.second.appends.received).toBe(1);
    cluster.lead(cluster.first);
    const read = client.readStream('s');
    expect((await read[Symbol.asyncIterator]().next()).done).toBe(false);
    const led = client.readStream('s', { requiresLeader: true })[Symbol.asyncIterator]();
    await expect(led.next()).rejects.toMatchObject({ type: 'not-leader' });
    expect(cluster.second.log).toBe(cluster.first.log);
    expect(cluster.first.log.of('s')).toHaveLength(1);
  });

  it('a member that is down is not chosen', async () => {
    cluster.lead(cluster.second);
    await cluster.first.down();
    await append();
    expect(cluster.second.appends.received).toBe(1);
  });

  it('nobody leads during an election', async () => {
    cluster.lead(undefined);
    await expect(append(false)).rejects.toMatchObject({
      message: expect.stringContaining('Server Is Not Ready'),
    });
    cluster.lead(cluster.first);
    expect(await append(false)).toMatchObject({ nextExpectedRevision: 0n });
  });
});

describe('TLS and credentials', () => {
  let peer: Peer;
  beforeEach(async () => {
    peer = await Peer.start({ tls: true, credentials: { username: 'app', password: 'p@:ss' } });
  });
  afterEach(async () => {
    await client.dispose();
    await peer.stop();
  });

  it('the right ones are let in', async () => {
    client = EventStoreDBClient.connectionString(peer.url);
    expect(await client.appendToStream('s', event)).toMatchObject({ nextExpectedRevision: 0n });
    expect((await client.readStream('s')[Symbol.asyncIterator]().next()).done).toBe(false);
  });

  it.each(['', 'app:wrong@'])('"%s" is turned away', async (user) => {
    client = EventStoreDBClient.connectionString(
      `esdb://${user}localhost:${peer.port}?tls=true&tlsCAFile=${Peer.caFile}`,
    );
    await expect(client.appendToStream('s', event)).rejects.toMatchObject({ type: 'access-denied' });
    const read = client.readStream('s')[Symbol.asyncIterator]();
    await expect(read.next()).rejects.toMatchObject({ type: 'access-denied' });
    expect(peer.appends.received).toBe(0);
  });

  it('a client that does not know the certificate does not connect', async () => {
    client = EventStoreDBClient.connectionString(`esdb://app:p%40%3Ass@localhost:${peer.port}`);
    await expect(client.appendToStream('s', event)).rejects.toMatchObject({ code: 14 });
  });
});
