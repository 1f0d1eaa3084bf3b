import { expect, test } from '@jest/globals';
import { sourceOf } from '../../../src/http/door/source.js';

test.each([
  ['an IPv4 address', '192.0.2.1', '192.0.2.1'],
  ['the same through a socket of both kinds', '::ffff:192.0.2.1', '192.0.2.1'],
  ['an IPv6 address by its network', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['another one of the network', '2001:db8:1:2::9', '2001:db8:1:2'],
  ['a short network', '2001:db8::1', '2001:db8:0:0'],
  ['zeros at the start', '::1', '0:0:0:0'],
  ['zeros at the end', 'fe80::', 'fe80:0:0:0'],
  ['zeros after the network', '2001:db8:0:1::', '2001:db8:0:1'],
  ['a closed socket', undefined, '0:0:0:0'],
])('A source is %s', (_, ip, source) => {
  expect(sourceOf(ip)).toBe(source);
});
