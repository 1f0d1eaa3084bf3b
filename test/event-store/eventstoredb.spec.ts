import { EventStoreDbEventStore } from '../../src/event-store/eventstoredb.event-store.js';
import { Peer } from '../support/eventstoredb/peer.js';
import { eventStoreContract } from './contract.js';

eventStoreContract('the EventStoreDB event store', () => {
  let peer: Peer | undefined;
  const open = async () => {
    peer ??= await Peer.start();
    return EventStoreDbEventStore.open(peer.url);
  };
  return { open, reopen: open, remove: async () => peer?.stop() };
});
