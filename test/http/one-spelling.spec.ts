import { expect, test } from '@jest/globals';
import { isPlain } from '../../src/http/one-spelling.js';

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
  expect([isPlain('DELETE', target), isPlain('PUT', target), isPlain('GET', target)]).toEqual([
    true,
    true,
    false,
  ]);
});
