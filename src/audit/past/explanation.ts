import { EVERYTHING } from '../../domain/permissions.js';
import { Rejection } from '../../domain/rejection.js';
import type { Grants } from '../../read/grants.js';
import type { ReviewedUsers } from '../../read/reviewed-users.js';
import { causeIn, type FindCauses } from './cause.js';
import type { Explanation } from './past-question.js';

/** Why a user holds a permission, or why not any more. @throws Rejection user_not_found */
export async function explanation(
  { user: id, permission }: { readonly user: string; readonly permission: string },
  users: ReviewedUsers,
  grants: Grants,
  find: FindCauses,
): Promise<Explanation> {
  const user = users.withId(id);
  if (!user) throw new Rejection('user_not_found');
  const held = grants.of(user.number);
  const paths = [...new Set([permission, EVERYTHING])].flatMap((one) => held.get(one) ?? []);
  const last = paths.length > 0 ? undefined : grants.lastEnded(user.number, permission);
  const causes = await find([...paths.map(({ since }) => since), ...(last ? [last.since, last.until] : [])]);
  const explained = <Way extends { readonly since: number }>(path: Way) => ({
    ...path,
    since: causeIn(causes, path.since),
  });
  return {
    permission,
    held: paths.length > 0,
    paths: paths.map(explained),
    last: last ? { ...explained(last), until: causeIn(causes, last.until) } : null,
  };
}
