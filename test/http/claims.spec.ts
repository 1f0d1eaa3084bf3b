import { expect, test } from '@jest/globals';
import type { Api } from '../../src/http/door/api.js';
import { Claims } from '../../src/http/door/claims.js';
import type { ApiRequest } from '../../src/http/door/request.js';
import type { Views } from '../../src/read/views.js';

/** A request that claims to be of somebody with an address. */
const request = {
  routeOptions: { url: '/api/1/profile' },
  headers: {},
  server: {
    apis: [
      { prefixes: ['/api/1'], credentialIn: () => ({ name: 'a@x.example', password: 'guess' }) },
    ] as unknown as Api[],
  },
} as unknown as ApiRequest;

/** @param parents the accounts that have the address, oldest first, each with its company */
function claimedIn(parents: ReadonlyMap<string, string | null>): (string | undefined)[] {
  const views = {
    credentials: { accountsWith: (_: string, most: number) => [...parents.keys()].slice(0, most) },
    tree: { parentOf: (account: string) => parents.get(account) },
    checkpoints: { revisionOf: () => 0 },
  } as unknown as Views;
  return new Claims(views).of(request).map(({ account }) => account);
}

const clients = (company: string, count: number) =>
  Array.from({ length: count }, (_, n) => [`${company}-${n}`, company] as const);

test('a failed sign-in is noted in every account that has the address, when they are few', () => {
  const accounts = new Map<string, string | null>([['acme', null], ...clients('acme', 2), ['globex', null]]);
  expect(claimedIn(accounts).sort()).toEqual(['acme', 'acme-0', 'acme-1', 'globex']);
});

test('it is noted in 20 at most, and many accounts of one company keep out none of another', () => {
  const accounts = new Map<string, string | null>([
    ...clients('mallory', 900),
    ['acme', null],
    ...clients('globex', 3),
  ]);
  const claimed = claimedIn(accounts);
  expect(claimed).toHaveLength(20);
  expect(claimed).toEqual(expect.arrayContaining(['acme', 'globex-0', 'globex-1', 'globex-2']));
});
