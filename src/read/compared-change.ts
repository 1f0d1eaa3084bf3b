import type { Path } from './grants.js';
import type { Difference } from './versions-between.js';

export type ComparedType = 'user' | 'group' | 'role' | 'account';

/** Something with its name at the later revision, or its last one before. */
export interface ComparedThing {
  readonly type: ComparedType;
  readonly id: string;
  readonly name: string;
}

export interface ComparedSource {
  readonly type: Path['type'];
  readonly id: string | null;
  readonly name: string | null;
}

/** One change of a thing. */
export interface ComparedChange {
  readonly subject: ComparedThing;
  readonly kind: 'existence' | 'attribute' | 'membership' | 'role' | 'permission';
  /** The field, the other side or the permission; null for existence. */
  readonly what: string | ComparedThing | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly because: readonly number[];
}

/** How much is told of a thing: of one that is asked for alone, or of one of many. */
export type Extent = 'alone' | 'among others';

/** A difference as changes: none where there is no difference. */
export function shown<Of>(
  kind: ComparedChange['kind'],
  what: ComparedChange['what'],
  found: Difference<Of> | undefined,
): Omit<ComparedChange, 'subject'>[] {
  if (!found) return [];
  const { before, after, because } = found;
  return [{ kind, what, before, after, because: [because] }];
}

export function isSameWay(one: ComparedSource, other: ComparedSource): boolean {
  return one.type === other.type && one.id === other.id;
}

export function sourceOf({ type, id, name }: Path): ComparedSource {
  return { type, id, name };
}
