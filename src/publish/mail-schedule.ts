import type { LinkMail } from '../domain/mail.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long things may take, in milliseconds. */
export interface DeliveryLimits {
  /** How long the claim of an instance keeps others from a mail. It is longer than a message may take. */
  readonly leaseMs: number;
  /** How long a message may take, the connecting included. */
  readonly patienceMs: number;
  /** The pause between two tries to record an outcome. */
  readonly retryMs: number;
}

export const defaultDeliveryLimits: DeliveryLimits = { leaseMs: 120_000, patienceMs: 60_000, retryMs: 1_000 };

/** How long the link in a mail works. */
export const linkMs: Readonly<Record<LinkMail, number>> = {
  ...{ welcome: 7 * DAY_MS, invitation: 7 * DAY_MS, password_reset: HOUR_MS },
};
/** How long a mail rests after its first failure, after its second and so on, and after all further ones. */
const pausesMs = [5_000, 30_000, 180_000, 900_000, HOUR_MS] as const;
const LAST_PAUSE_MS = 4 * HOUR_MS;
/**
 * A mail that fails this long after the request for it is given up, unless it had few attempts.
 * A mail with few may have waited for a service that was stopped or a client that was disabled.
 */
const GIVE_UP_AFTER_MS = DAY_MS;
const FEWEST_ATTEMPTS = pausesMs.length + 1;
/** After this many attempts their pauses make up a day, whatever the clock says. */
const MOST_ATTEMPTS = FEWEST_ATTEMPTS + Math.ceil(GIVE_UP_AFTER_MS / LAST_PAUSE_MS);

/**
 * @param attempt how many attempts were made, from 1
 * @returns how long the mail rests after the failure of the last one, in milliseconds
 */
export function restAfter(attempt: number): number {
  return pausesMs[attempt - 1] ?? LAST_PAUSE_MS;
}

/**
 * @param attempt how many attempts were made and failed
 * @param ageMs how long ago the mail was asked for
 */
export function isToBeGivenUp(attempt: number, ageMs: number): boolean {
  const isOld = ageMs >= GIVE_UP_AFTER_MS || attempt >= MOST_ATTEMPTS;
  return isOld && attempt >= FEWEST_ATTEMPTS;
}
