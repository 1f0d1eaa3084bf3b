import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb.event-store.js';
import { Peer } from '../support/eventstoredb/peer.js';
import { eventStoreContract } from './contract.js';

eventStoreContract('the EventStoreDB event store', () => {
  const given = process.env['MUSTER_TEST_EVENT_STORE'];
  let peer: Peer | undefined;
  const url = async () => given ?? (peer ??= await Peer.start()).url;
  const open = async () => EventStoreDbEventStore.open(await url());
  return { open, reopen: open, remove: async () => peer?.stop() };
});
