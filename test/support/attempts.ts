import type { Attempt, AttemptQuery } from '../../src/audit/attempts/attempt.js';
import { Attempts } from '../../src/audit/attempts/attempts.js';
import type { RunningApp } from './app.js';

/** Everything that was tried, newest first. */
export const everything: AttemptQuery = {
  ...{ outcomes: ['refused', 'failed', 'read'], filters: [], order: 'desc' },
};

/** What was tried in an account, newest first unless the query says otherwise. */
export async function attemptsIn(
  { app }: RunningApp,
  account: string,
  query: Partial<AttemptQuery> = {},
): Promise<readonly Attempt[]> {
  const page = await app.get(Attempts).page(account, { ...everything, ...query }, { limit: 10_000 });
  return page.attempts;
}
