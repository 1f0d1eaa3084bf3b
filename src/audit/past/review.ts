import type { Grants } from '../../read/grants.js';
import type { ReviewedUsers } from '../../read/reviewed-users.js';
import { fullName } from '../given-names.js';
import { causeIn, type FindCauses } from './cause.js';
import type { ReviewRow, ReviewStep } from './past-question.js';

/** So many that a thread is not busy for long with them. */
const USERS_AT_ONCE = 50;

/** What the next users hold, and since when, by whom and why. @param after the number of the user before them */
export async function reviewStep(
  after: number,
  users: ReviewedUsers,
  grants: Grants,
  find: FindCauses,
): Promise<ReviewStep> {
  const page = users.after(after, USERS_AT_ONCE);
  const found = page.map((user) => ({ user, held: [...grants.of(user.number)] }));
  const causes = await find(
    found.flatMap(({ held }) => held.flatMap(([, paths]) => paths.map(({ since }) => since))),
  );
  const rows = found.flatMap(({ user, held }) => {
    const { id, email, last_login: last_sign_in } = user;
    const keys = users.keysOf(user).map((key) => ({ ...key, last_used: null }));
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
