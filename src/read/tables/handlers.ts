import type { DomainEvent } from '../../domain/aggregates.js';
import type { ViewsDatabase } from '../views-database.js';
import type { Counts } from './counts.js';
import type { Entities } from './entities.js';

/** The place and time of an event, as the tables need them. */
export interface EventContext {
  /** The interned number of the account. */
  readonly account: number;
  readonly revision: number;
  /** The event's own id. */
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly time: string;
}

/** What events change in a table. */
export type Handlers = {
  readonly [Type in DomainEvent['type']]?: (
    data: Extract<DomainEvent, { type: Type }>['data'],
    at: EventContext,
  ) => void;
};

/** The means by which a table's handlers write. */
export interface Writers {
  readonly database: ViewsDatabase;
  readonly entities: Entities;
  readonly counts: Counts;
}
