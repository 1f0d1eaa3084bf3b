import type { AnyEvent } from './aggregate.js';
import { aggregates, type DomainEvent } from './aggregates.js';
import type { EventRecord } from './event.js';
import { Journal, rollBack, type SnapshotPart } from './journaled-map.js';

type Intersection<Union> = (Union extends unknown ? (part: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** The parts of the state that a manifest has; some only read those of others. */
type PartsOf<Manifest> = Manifest extends { state(journal: Journal): infer Own }
  ? keyof Own extends never
    ? never
    : Own
  : never;

/** The parts of an account's state by name. Each aggregate has its own. */
export type AccountParts = Intersection<PartsOf<(typeof aggregates)[number]>>;

/** The state of one account. Only the decision in progress may see it while its journal is not empty. */
export interface AccountState extends AccountParts {
  readonly journal: Journal;
}

export function emptyAccountState(): AccountState {
  const journal = new Journal();
  // What an intersection of all these types is made of.
  const parts = Object.assign({}, ...aggregates.map((aggregate) => aggregate.state(journal))) as AccountParts;
  journal.length = 0;
  return { journal, ...parts };
}

/** About how many bytes of memory a state takes. */
export function bytesOf({ journal }: AccountState): number {
  return journal.bytes;
}

/** The parts of a state by name, in the order of the aggregates. */
export function partsOf(state: AccountState): readonly (readonly [name: string, part: SnapshotPart])[] {
  const all: Readonly<Record<string, SnapshotPart | Journal>> = { ...state };
  return Object.entries(all).flatMap(([name, part]) => (Array.isArray(part) ? [] : [[name, part] as const]));
}

/** What an aggregate does when an event happens: its own, or one that it follows. */
type Step = (state: AccountState, record: EventRecord) => void;

const steps = new Map<string, readonly Step[]>();

function addStep(type: string, step: Step): void {
  steps.set(type, [...(steps.get(type) ?? []), step]);
}

for (const aggregate of aggregates as readonly Evolving[])
  for (const type of Object.keys(aggregate.events))
    addStep(type, (state, record) => aggregate.evolve(state, record));
for (const { follow = {} } of aggregates as readonly Evolving[])
  for (const [type, step] of Object.entries(follow))
    addStep(type, (state, { event }) => step(state, event.data));

/** Any aggregate, as the fold uses it. The manifest ensures that an event's type and data belong together. */
interface Evolving {
  readonly events: Readonly<Record<string, unknown>>;
  evolve(state: AccountState, record: EventRecord): void;
  readonly follow?: Readonly<Record<string, (state: AccountState, data: AnyEvent['data']) => void>>;
}

/** Applies one event in place; the journal remembers how to undo it. */
export function evolve(state: AccountState, record: EventRecord<DomainEvent>): void {
  for (const step of steps.get(record.event.type) ?? []) step(state, record);
}

/** Applies one event in place, with nothing to undo; after an error the state is as it was. */
export function evolveForGood(state: AccountState, record: EventRecord<DomainEvent>): void {
  try {
    evolve(state, record);
  } catch (error) {
    rollBack(state.journal);
    throw error;
  }
  state.journal.length = 0;
}
