import type { Grants } from '../../read/grants.js';
import type { ReviewedUsers } from '../../read/reviewed-users.js';
import { fullName } from '../given-names.js';
import { causeIn, type FindCauses } from './cause.js';
import type { ReviewRow, ReviewStep } from './past-question.js';

/** So many that a thread is not busy for long with them. */
const USERS_AT_ONCE = 50;

interface Lookups {
  readonly find: FindCauses;
  /** When keys were used last, in milliseconds since the epoch, by their ids. */
  readonly uses: (keyIds: readonly string[]) => Promise<ReadonlyMap<string, number>>;
}

/** What the next users hold, and since when, by whom and why. @param after the number of the user before them */
export async function reviewStep(
  after: number,
  users: ReviewedUsers,
  grants: Grants,
  { find, uses }: Lookups,
): Promise<ReviewStep> {
  const page = users.after(after, USERS_AT_ONCE);
  const found = page.map((user) => ({
    ...{ user, held: [...grants.of(user.number)], keys: users.keysOf(user) },
  }));
  const used = await uses(found.flatMap(({ keys }) => keys.map(({ id }) => id)));
  const causes = await find(
    found.flatMap(({ held }) => held.flatMap(([, paths]) => paths.map(({ since }) => since))),
  );
  const rows = found.flatMap(({ user, held, keys: own }) => {
    const { id, email, last_login: last_sign_in } = user;
    const keys = own.map((key) => ({ ...key, last_used: timeIn(used, key.id) }));
    const shown = { id, name: fullName(user), email, last_sign_in, keys };
    return held.map(([permission, paths]): ReviewRow => {
      const earliest = Math.min(...paths.map(({ since }) => since));
      const sources = paths.map((path) => ({ ...path, since: causeIn(causes, path.since) }));
      return { user: shown, permission, sources, since: causeIn(causes, earliest) };
    });
  });
  const last = page.length < USERS_AT_ONCE ? undefined : page.at(-1);
  return { rows: rows.map((row) => JSON.stringify(row)), next: last?.number ?? null };
}

function timeIn(used: ReadonlyMap<string, number>, key: string): string | null {
  const time = used.get(key);
  return time === undefined ? null : new Date(time).toISOString();
}
