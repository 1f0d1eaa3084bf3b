import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { eventStoreContract } from './contract.js';

eventStoreContract('the memory event store', () => ({
  open: () => Promise.resolve(new MemoryEventStore()),
  remove: () => Promise.resolve(),
}));
