const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * How long a delivery waits before each attempt, in milliseconds: before the first, after the failure of the first,
 * and so on. They make up 75 hours and 35 minutes.
 */
const waits: readonly number[] = [
  ...[0, 5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS],
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_MS),
];

/** The longest wait that a receiver can ask for, in milliseconds. */
export const LONGEST_ASKED_MS = 24 * HOUR_MS;

/** How much of the schedule has passed without success, in percent. */
export type WarningLevel = 50 | 70 | 90;

const warnings: ReadonlyMap<number, WarningLevel> = new Map([
  [5, 50],
  [7, 70],
  [9, 90],
]);

/** The warning that is due after so many failed attempts of one delivery. */
export function warningAfter(failures: number): WarningLevel | undefined {
  return warnings.get(failures);
}

/**
 * @param failures how many attempts have failed, from 1
 * @param random a number from 0 to 1; the wait is up to a tenth longer by it
 * @returns the wait before the next attempt, in milliseconds; undefined when there is none
 */
export function waitAfter(failures: number, random: number): number | undefined {
  const wait = waits[failures];
  return wait === undefined ? undefined : wait * (1 + random / 10);
}
