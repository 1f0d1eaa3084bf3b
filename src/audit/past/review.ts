import type { Grants } from '../../read/grants.js';
import type { ReviewedUser, ReviewedUsers } from '../../read/reviewed-users.js';
import { fullName } from '../given-names.js';
import { causeIn, type FindCauses } from './cause.js';
import type { ReviewRow, ReviewStep } from './past-question.js';

/** How much is looked at in one go, so that a thread is not busy for long: users, or fewer with so many permissions. */
const [USERS_AT_ONCE, PERMISSIONS_AT_ONCE] = [20, 800];

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
  const found = foundOf(page, users, grants);
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
  const isEnd = page.length < USERS_AT_ONCE && found.length === page.length;
  const last = isEnd ? undefined : found.at(-1);
  return { rows: rows.map((row) => JSON.stringify(row)), next: last?.user.number ?? null };
}

/** The first of the users with what they have: so many as have not too much, one at least. */
function foundOf(page: readonly ReviewedUser[], users: ReviewedUsers, grants: Grants) {
  const found = [];
  let permissions = 0;
  for (const user of page) {
    const held = [...grants.of(user.number)];
    found.push({ user, held, keys: users.keysOf(user) });
    permissions += held.length;
    if (permissions >= PERMISSIONS_AT_ONCE) break;
  }
  return found;
}

function timeIn(used: ReadonlyMap<string, number>, key: string): string | null {
  const time = used.get(key);
  return time === undefined ? null : new Date(time).toISOString();
}
