import { describe, expect, test } from '@jest/globals';
import { Rejection } from '../../../src/domain/rejection.js';
import { NameLookUp, PrivateTarget } from '../../../src/publish/webhooks/name-look-up.js';
import type { Resolve } from '../../../src/publish/webhooks/resolvers.js';
import { isPublicAddress } from '../../../src/publish/webhooks/target.js';

const publicly: Resolve = () => Promise.resolve([{ address: '93.184.216.34', family: 4 }]);
const standingFor =
  (...addresses: string[]): Resolve =>
  () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
const guarded = (resolve = publicly) => new NameLookUp({ allowPrivate: false }, resolve);
const open = (resolve = publicly) => new NameLookUp({ allowPrivate: true }, resolve);
const codeOf = (judged: Promise<void>) =>
  judged.then(
    () => 'allowed',
    (error: unknown) => (error instanceof Rejection ? error.code : error),
  );

describe('an address', () => {
  test.each([
    ...['127.0.0.1', '127.255.0.1', '0.0.0.0', '0.1.2.3', '10.0.0.1', '172.16.0.1', '172.31.255.255'],
    ...['192.168.1.1', '169.254.169.254', '100.64.0.1', '100.100.100.200', '192.0.0.192', '192.0.2.1'],
    ...['198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1'],
    ...['255.255.255.255', '192.88.99.1', '168.63.129.16'],
    ...['::', '::1', 'fe80::1', 'fc00::1', 'fd00:ec2::254', 'ff02::1', 'fec0::1', '100::1', '2001:db8::1'],
    ...['::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::a00:1'],
    ...['64:ff9b:1::808:808', '2002:7f00:1::', '2002:808:808::1', '2001:0:1::1', '3fff::1', '5f00::1'],
    ...['4000::1', '::ffff:0:7f00:1', 'not an address', '', '127.1'],
  ])('%s is none of the open internet', (address) => expect(isPublicAddress(address)).toBe(false));
  test.each([
    ...['8.8.8.8', '93.184.216.34', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'],
    ...['::ffff:8.8.8.8', '64:ff9b::808:808'],
  ])('%s is one', (address) => expect(isPublicAddress(address)).toBe(true));
});

describe('at registration', () => {
  test.each([
    ...['https://127.0.0.1/', 'https://127.1/', 'https://2130706433/', 'https://0x7f000001/'],
    ...['https://0177.0.0.1/', 'https://127.0.0.1./', 'https://[::1]/', 'https://[::ffff:127.0.0.1]/'],
    ...['https://[::ffff:7f00:1]/', 'https://0/', 'https://169.254.169.254/latest', 'https://10.0.0.8:8443/'],
    ...['https://localhost/', 'https://LOCALHOST./', 'https://a.localhost/', 'https://１２７.0.0.1/'],
    ...['https://[fd00:ec2::254]/', 'https://[64:ff9b::7f00:1]/', 'https://localhost.localdomain/'],
  ])('%s is refused, however it is written', async (url) =>
    expect(await codeOf(guarded().requireAllowed(url))).toBe('private_target'),
  );
  test.each([
    ['the only address is private', ['10.0.0.1']],
    ['one of several is private', ['93.184.216.34', '10.0.0.1']],
    ['the IPv6 address is private', ['93.184.216.34', 'fd00::1']],
  ])('a name is refused when %s', async (_, addresses) =>
    expect(await codeOf(guarded(standingFor(...addresses)).requireAllowed('https://a.example/'))).toBe(
      'private_target',
    ),
  );
  test('a name that does not resolve is refused as such, also where private addresses are allowed', async () => {
    const failing: Resolve = () => Promise.reject(new Error('ENOTFOUND'));
    for (const names of [guarded(failing), open(failing), guarded(standingFor())])
      expect(await codeOf(names.requireAllowed('https://nothing.example/'))).toBe('unresolvable');
  });
  test.each(['http://example.com/', 'https://example.com:25/', 'https://8.8.8.8:22/', 'http://8.8.8.8/'])(
    '%s is refused',
    async (url) => expect(await codeOf(guarded().requireAllowed(url))).toBe('bad_request'),
  );
  test.each([
    'https://example.com/',
    'https://example.com:8443/in',
    'https://8.8.8.8/',
    'https://a.example./',
  ])('%s is allowed', async (url) => expect(await codeOf(guarded().requireAllowed(url))).toBe('allowed'));
  test.each(['http://127.0.0.1:4000/', 'http://localhost/', 'https://10.0.0.1/', 'http://[::1]:80/'])(
    '%s is allowed where private addresses are',
    async (url) => expect(await codeOf(open(standingFor('127.0.0.1')).requireAllowed(url))).toBe('allowed'),
  );
});

describe('at connect time', () => {
  const connect = (names: NameLookUp, options: object = { all: true }) =>
    new Promise((resolve, reject) => {
      names.forConnections('a.example', options, (error, found) => (error ? reject(error) : resolve(found)));
    });

  test('a name that stands for another address by now is not connected to', async () => {
    const answers = [['93.184.216.34'], ['127.0.0.1']];
    const rebinding: Resolve = () => standingFor(...(answers.shift() ?? []))('');
    const names = guarded(rebinding);
    expect(await codeOf(names.requireAllowed('https://a.example/'))).toBe('allowed');
    await expect(connect(names)).rejects.toThrow(PrivateTarget);
  });
  test('nor one of which a single address is private', async () => {
    await expect(connect(guarded(standingFor('8.8.8.8', '::1')))).rejects.toThrow(PrivateTarget);
    await expect(connect(guarded(standingFor('8.8.8.8', '::1')), { family: 4 })).rejects.toThrow(
      PrivateTarget,
    );
  });
  test('the socket gets the addresses that were judged', async () => {
    const names = guarded(standingFor('8.8.8.8', '2606:4700::1111'));
    expect(await connect(names)).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
    expect(await connect(names, { family: 6, all: true })).toHaveLength(1);
    expect(await connect(names, {})).toBe('8.8.8.8');
  });
  test('an address in the place of a name is judged as well', () => {
    expect(() => guarded().requireAllowedHost(new URL('https://[::1]/'))).toThrow(PrivateTarget);
    expect(() => open().requireAllowedHost(new URL('https://[::1]/'))).not.toThrow();
  });
  test('two connections to one name at the same time look it up once', async () => {
    let asked = 0;
    const names = guarded(async (host) => {
      asked += 1;
      return publicly(host);
    });
    await Promise.all([connect(names), connect(names)]);
    expect(asked).toBe(1);
  });
});
