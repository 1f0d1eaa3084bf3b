/** A description in a body: null is an empty one, and undefined stays undefined. */
export function descriptionOf(value: string | null | undefined): string | undefined {
  return value === null ? '' : value;
}

/** An id of another system in a body: an empty one is none, which is null; undefined stays undefined. */
export function externalIdOf(value: string | null | undefined): string | null | undefined {
  return value === '' ? null : value;
}
