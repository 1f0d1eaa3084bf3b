import type { Holders } from '../../read/holders.js';
import type { HoldersStep, PastQuestion } from './past-question.js';

/** Some of the users who hold a permission. */
export function holdersStep(
  { permission, after, limit }: Extract<PastQuestion, { kind: 'holders' }>,
  holders: Holders,
): HoldersStep {
  const found = holders.after(after, permission, limit + 1);
  const users = found.slice(0, limit);
  const next = found.length > limit ? (users.at(-1)?.number ?? after) : null;
  return { users: users.map(({ id }) => id), next };
}
