import { expect } from '@jest/globals';
import { type Answer, type Options, pick } from '../../support/api-client.js';
import type { RunningApp } from '../../support/app.js';
import { Company } from '../v2/company.js';

/** The fixture of the certification scenario: Alice reads and writes, Bob reads, an account and one that they do not reach. */
export interface Fixture {
  readonly company: Company;
  readonly alice: string;
  readonly bob: string;
  readonly record1: string;
  readonly record2: string;
}

export async function fixture(app: RunningApp): Promise<Fixture> {
  const company = await Company.open(app);
  const [alice, bob] = [await company.user(), await company.user()];
  for (const [user, permissions] of [
    [alice, ['read', 'write']],
    [bob, ['read']],
  ] as const) {
    const set = await company.call('PUT', `/users/${user}/permissions`, { permissions });
    expect(set.status).toBe(200);
  }
  return { company, alice, bob, record1: company.id, record2: await company.client() };
}

export const user = (id: string) => ({ type: 'user', id });
export const record = (id: string) => ({ type: 'account', id });
export const can = (name: string) => ({ name });

/** Posts to a path below the base of an account. */
export function post(
  { company }: Pick<Fixture, 'company'>,
  path: string,
  body: unknown,
  {
    account = company.id,
    key = company.admin.key,
    query = '',
    ...options
  }: Options & {
    readonly account?: string;
    readonly key?: string;
    readonly query?: string;
  } = {},
): Promise<Answer> {
  const headers = { authorization: `Bearer ${key}`, ...options.headers };
  return company.app.request('POST', `/authzen/${account}/access/v1/${path}${query}`, {
    ...options,
    body,
    headers,
  });
}

export function decisionOf(answer: Answer): unknown {
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    ...[200, 'application/json; charset=utf-8'],
  ]);
  return pick(answer, 'decision');
}

/** The ids, or names, that a search has found. */
export function foundIn(answer: Answer): unknown[] {
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  const results = pick(answer, 'results') as { id?: string; name?: string }[];
  return results.map(({ id, name }) => id ?? name);
}
