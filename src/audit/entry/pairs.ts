import type { Change } from '../entry.js';
import type { Facts } from './facts.js';
import type { NamesOfThen } from './names-of-then.js';
import type { Reference } from './subjects.js';
import type { Told } from './told.js';

/** Makes of a value what was before and what is after, one of them null. */
type Turn = (value: unknown) => Pick<Change, 'before' | 'after'>;

/** Collects the pairs that end, or begin again, with one of their sides. */
export class Pairs {
  private readonly others: Reference[] = [];
  private readonly changes: Change[] = [];

  constructor(
    private readonly one: Reference,
    private readonly names: NamesOfThen,
    private readonly turn: Turn,
  ) {}

  /** @param field what the pairs are called on the one side @param back what they are called on the other side */
  add(field: string, other: Reference, back: string, more: object = {}): void {
    this.others.push(other);
    const side = ({ id, type }: Reference) => ({ id, name: this.names.before({ type, id }), ...more });
    this.changes.push({ field, ...this.turn(side(other)), of: 0 });
    this.changes.push({ field: back, ...this.turn(side(this.one)), of: this.others.length });
  }

  /** @param facts what the one side is known by */
  told(facts: Facts): Told {
    const own = Object.entries(facts).filter(([, value]) => !isNothing(value));
    const fields = own.map(([field, value]) => ({ field, ...this.turn(value), of: 0 }));
    return { changes: [...fields, ...this.changes], ended: this.others };
  }
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
