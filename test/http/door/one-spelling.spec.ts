import { expect, test } from '@jest/globals';
import { isPlain } from '../../../src/http/door/one-spelling.js';
import { v1 } from '../../../src/http/v1/api.js';

test.each([
  ...[
    '/',
    '/metrics',
    '/api/1.0/users?x=//&y=%61/',
    '/api/1.0/users/%20',
    '/api/v2/groups/a%2Fb',
    '/api/1/users/x/%40/y',
  ],
])('E6: %s is plain', (target) => {
  expect(isPlain('GET', target)).toBe(true);
});

test.each([
  ...[
    '/metrics/',
    '//metrics',
    '/metrics//',
    '/%6detrics',
    '/%6Detrics',
    '/metric%73',
    '/metrics#',
    '/docs/',
  ],
  ...[
    '/api//v2/groups',
    '/api/v2/groups/',
    '/api/1%2E0/users',
    '/api/1%2e0/users',
    '/api/1.0/users/%2D',
    '/%7e',
    '/%5F',
  ],
])('E6: %s is not', (target) => {
  expect(isPlain('GET', target)).toBe(false);
});

test.each([
  ...['/api/1.0/users/', '/api/1/roles/x/users/', '/api/1/groups/x/users/', '/api/1/users/x/roles/'],
  '/api/1.0/clients/x/share-rights/',
])('X12: %s lacks its id, and is told so by who takes it', (target) => {
  const isPlainFor = (method: string) => isPlain(method, target, [v1]);
  expect(['DELETE', 'PUT', 'GET'].map(isPlainFor)).toEqual([true, true, false]);
  expect(isPlain('PUT', target)).toBe(false);
});
