import { expect, it } from '@jest/globals';
import { isCrossSite } from '../../../src/http/door/cross-site.js';

const host = 'muster.example.com';

it.each([
  ['names no site and no origin, as programs do', { host }],
  [
    'comes from a page of the same origin',
    { host, 'sec-fetch-site': 'same-origin', origin: `https://${host}` },
  ],
  ['comes from nobody’s page', { host, 'sec-fetch-site': 'none' }],
  ['comes from the addressed host', { host, origin: `https://${host}` }],
  ['comes from it in capitals', { host: 'Muster.Example.com', origin: `https://${host}` }],
  ['comes from it at its port', { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000' }],
  ['names the default port where the origin does not', { host: `${host}:443`, origin: `https://${host}` }],
  ['comes from it over IPv6', { host: '[::1]:3000', origin: 'http://[::1]:3000' }],
])('X89: a request that %s is no other site’s', (_, headers) => expect(isCrossSite(headers)).toBe(false));

it.each([
  ['says cross-site', { host, 'sec-fetch-site': 'cross-site' }],
  ['says same-site', { host, 'sec-fetch-site': 'same-site' }],
  ['says so from the addressed host', { host, 'sec-fetch-site': 'same-site', origin: `https://${host}` }],
  ['comes from another host', { host, origin: 'https://evil.example' }],
  [
    'comes from another host and says otherwise',
    { host, 'sec-fetch-site': 'same-origin', origin: 'https://e.example' },
  ],
  ['comes from a host above it', { host, origin: 'https://example.com' }],
  ['comes from a host below it', { host, origin: `https://evil.${host}` }],
  ['comes from a host that starts like it', { host, origin: `https://${host}.evil.example` }],
  ['comes from another port', { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3001' }],
  ['comes from another default port', { host: `${host}:443`, origin: `http://${host}` }],
  ['comes from no origin', { host, origin: 'null' }],
  ['comes from an empty origin', { host, origin: '' }],
  ['comes from an origin that is no URL', { host, origin: host }],
  ['comes from a file', { host, origin: 'file://' }],
  ['addresses no host', { origin: `https://${host}` }],
])('X89: a request that %s is another site’s', (_, headers) => expect(isCrossSite(headers)).toBe(true));

it('X89: the public host is addressed also behind a proxy that changes Host', () => {
  const headers = { host: 'muster-1:3000', origin: `https://${host}` };
  expect(isCrossSite(headers)).toBe(true);
  expect(isCrossSite(headers, `https://${host}/directory`)).toBe(false);
  expect(isCrossSite({ ...headers, origin: 'https://evil.example' }, `https://${host}`)).toBe(true);
});
