/** A field of something that may be there already, with a value that an older log let through. */
export interface FieldUse {
  readonly mayRepeat: boolean;
}

export const NEW: FieldUse = { mayRepeat: false };
export const REPEATABLE: FieldUse = { mayRepeat: true };
