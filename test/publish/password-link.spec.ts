import { expect, test } from '@jest/globals';
import { PublicAddress } from '../../src/application/public-address.js';
import { PasswordLink } from '../../src/publish/password-link.js';

function link(host: string, port?: number, passwordUrl?: string, publicUrl?: string): PasswordLink {
  return new PasswordLink(new PublicAddress({ host, publicUrl }, () => port), passwordUrl);
}

test.each([
  ['127.0.0.1', 3000, 'http://127.0.0.1:3000/password#mt_1'],
  ['muster.example', 80, 'http://muster.example:80/password#mt_1'],
  ['::1', 8080, 'http://[::1]:8080/password#mt_1'],
  ['0.0.0.0', 3000, 'http://localhost:3000/password#mt_1'],
  ['::', 3000, 'http://localhost:3000/password#mt_1'],
])('without a setting it leads to this process: %s, %d', (host, port, expected) => {
  expect(link(host, port).with('mt_1')).toBe(expected);
});

test('without a setting it is known from when the process listens', () => {
  expect([link('::1').isKnown, link('::1', 1).isKnown]).toEqual([false, true]);
});

test('with a setting it is that, with the token wherever it is asked for', () => {
  const own = link('::1', undefined, 'https://a.example/{token}?t={token}#$&');
  expect(own.isKnown).toBe(true);
  expect(own.with('mt_a/b&$1')).toBe('https://a.example/mt_a%2Fb%26%241?t=mt_a%2Fb%26%241#$&');
});

test('D3: it leads to where callers reach the service, unless a page of their own is set', () => {
  const published = link('::1', undefined, undefined, 'https://a.example/muster');
  expect(published.isKnown).toBe(true);
  expect(published.with('mt_1')).toBe('https://a.example/muster/password#mt_1');
  const own = link('::1', 80, 'https://b.example/{token}', 'https://a.example/muster');
  expect(own.with('mt_1')).toBe('https://b.example/mt_1');
});
