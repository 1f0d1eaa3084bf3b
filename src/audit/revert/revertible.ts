import type { DomainEvent } from '../../domain/aggregates.js';
import { withoutEverything } from '../../domain/permissions.js';
import type { ShownEntry } from '../answers.js';

/** What an entry of the log says, as far as its inverse needs it. */
export interface Revertible extends Pick<ShownEntry, 'subjects' | 'changes' | 'revision'> {
  readonly event: DomainEvent['type'];
}

/** The ids of what an event is about, by the fields of commands; '' for what it is not about. */
export function idsOf({ subjects }: Revertible) {
  const id = (type: string) => subjects.find((one) => one.type === type)?.id ?? '';
  return { user_id: id('user'), group_id: id('group'), role_id: id('role'), client_id: id('client') };
}

/** What the fields that an event changed were before. */
export function factsBefore({ changes }: Revertible): Readonly<Record<string, unknown>> {
  return Object.fromEntries(changes.map(({ field, before }) => [field, before]));
}

/** What an event has left of the fields that it changed. */
export function factsAfter({ changes }: Revertible): readonly unknown[] {
  return changes.map(({ field, after }) =>
    field === 'permissions' ? withoutEverything(after as readonly string[]) : (after ?? null),
  );
}

/** The names of the properties that an event sets, and their values. */
export function propertiesSet({
  changes,
}: Pick<Revertible, 'changes'>): readonly (readonly [string, unknown])[] {
  return changes.flatMap(({ field, after }) =>
    field === 'properties' ? Object.entries(Object(after) as object) : [],
  );
}
