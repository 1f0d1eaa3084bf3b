import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb.event-store.js';
import { Follower } from '../support/eventstoredb/follower.js';
import { Peer } from '../support/eventstoredb/peer.js';
import { idle } from '../support/execute.js';
import { idsOf, numbered } from '../support/log.js';
import { until } from '../support/views.js';

let peer: Peer;
let store: EventStoreDbEventStore;
beforeEach(async () => {
  peer = await Peer.start();
  store = EventStoreDbEventStore.open(peer.url, { patienceMs: 1_000, heartbeatMs: 100 });
});
afterEach(async () => {
  await store.close();
  await peer.stop();
});

/** Appends as another writer, and gives the ids. */
function written(stream: string, count: number): string[] {
  const events = numbered(count);
  peer.append(stream, events);
  return idsOf(events);
}

const positionOf = (stream: string) => peer.log.of(stream).at(-1)?.position ?? 0;

describe('What a subscription says of its place', () => {
  it('resumes from commit and prepare position', async () => {
    const asked: string[] = [];
    const serve = peer.subscriptions.serve.bind(peer.subscriptions);
    peer.subscriptions.serve = (options, outlet) => {
      const position = options.getAll()?.getPosition();
      if (position) asked.push(`${position.getCommitPosition()}/${position.getPreparePosition()}`);
      return serve(options, outlet);
    };
    const follower = new Follower(store, '900000000000000123/900000000000000100');
    await until(() => asked.length === 1);
    expect(asked).toEqual(['900000000000000123/900000000000000100']);
    await follower.stop();
  });

  it('moves by checkpoints alone when only others write', async () => {
    const follower = new Follower(store);
    await until(() => follower.saysCaughtUp);
    written('b-1', 1_100);
    await until(() => follower.position !== undefined);
    written('b-1', 1_100);
    const [first] = follower.deliveries.flatMap(({ position }) => position ?? []);
    await until(() => follower.position !== first);
    expect(follower.ids).toEqual([]);
    await follower.stop();
    const second = new Follower(store, follower.position);
    await until(() => second.saysCaughtUp);
    const { from = 0 } = peer.subscriptions.requests.at(-1) ?? {};
    expect(from).toBeGreaterThan(1_113);
    expect(`${from}/${from}`).toBe(follower.position);
    await second.stop();
  });

  it('is never beyond an event that was not given yet', async () => {
    const ids: string[] = [];
    for (let round = 0; round < 6; round += 1) ids.push(...fill(round));
    const follower = new Follower(store, undefined, () => new Promise(setImmediate));
    for (let round = 6; round < 12; round += 1) {
      await until(() => follower.ids.length > round * 20);
      ids.push(...fill(round));
    }
    await until(() => follower.ids.length === ids.length);
    expect(follower.ids).toEqual(ids);
    await follower.stop();
    const at = new Map(peer.log.all.map(({ id, position }) => [id, position]));
    let given = 0;
    for (const { events, position } of follower.deliveries) {
      given += events.length;
      const next = ids[given];
      if (position === undefined || next === undefined) continue;
      expect(Number(position.split('/')[0])).toBeLessThan(at.get(next) ?? 0);
    }
    const positions = follower.deliveries.flatMap(({ position }) =>
      position ? Number(position.split('/')[0]) : [],
    );
    expect(positions).toEqual(positions.toSorted((one, other) => one - other));
  });

  /** Some events, and many of others around them. */
  function fill(round: number): string[] {
    const first = written('a-1', 30 + round);
    written('b-1', 700);
    const second = written('a-2', 1);
    written('b-1', 600);
    return [...first, ...second];
  }

  it.each([
    ['its place is not beyond them', 'b-1', 700],
    ['it has not caught up', 'a-2', 0],
  ])('when events come while the server is asked for a sign of life: %s', async (_, stream, others) => {
    const follower = new Follower(store);
    await until(() => follower.saysCaughtUp);
    peer.subscriptions.stall();
    const ping = peer.holdRead();
    await ping.reached;
    const said = follower.deliveries.length;
    const ids = written('a-1', 3);
    written(stream, others);
    peer.subscriptions.resume();
    await idle();
    ping.release();
    await until(() => follower.ids.length >= ids.length);
    const before = follower.deliveries.slice(
      said,
      follower.deliveries.findIndex(({ events }) => events.length > 0),
    );
    expect(before.filter(({ position, isCaughtUp }) => isCaughtUp || position !== undefined)).toEqual([]);
    await follower.stop();
  });

  it('that it has caught up only when all was given', async () => {
    const ids = written('a-1', 2_600);
    const counts: number[] = [];
    const follower = new Follower(store, undefined, ({ isCaughtUp }) => {
      if (isCaughtUp) counts.push(follower.ids.length);
      return new Promise(setImmediate);
    });
    await until(() => counts.length > 0);
    expect(counts[0]).toBe(ids.length);
    expect(follower.position).toBe(`${positionOf('a-1')}/${positionOf('a-1')}`);
    await follower.stop();
  });
});
