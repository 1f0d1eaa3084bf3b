import type { Differences } from '../../read/differences.js';
import { Pace } from '../index/pace.js';
import type { Thing } from '../question.js';
import type { ComparedKey } from './past-question.js';

const order = ['account', 'user', 'group', 'role'] as const;

/**
 * The things that may have changed: those that entries are about, and users who hold something by one of these.
 * @throws the signal's reason
 */
export async function touched(
  subjects: readonly Thing[],
  differences: Differences,
  signal?: AbortSignal,
): Promise<readonly ComparedKey[]> {
  const pace = new Pace(signal);
  const ids = {
    account: new Set<string>(),
    user: new Set<string>(),
    group: new Set<string>(),
    role: new Set<string>(),
  };
  for (const { type, id } of subjects) {
    if (type === 'webhook') continue;
    const compared = type === 'client' ? 'account' : type;
    ids[compared].add(id);
    for (const user of differences.holdersOf({ type: compared, id })) ids.user.add(user);
    await pace.breath();
  }
  return order.flatMap((type) => [...ids[type]].map((id) => ({ type, id })));
}
