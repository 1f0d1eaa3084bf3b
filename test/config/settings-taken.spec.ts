import { expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/config.js';

test.each([
  ['[::]', '::'],
  ['[::1]', '::1'],
  [' 127.0.0.1 ', '127.0.0.1'],
  ['\t[fe80::1%eth0]\n', 'fe80::1%eth0'],
  ['muster.example', 'muster.example'],
])('C4: HOST %j is the address that it obviously means', (HOST, host) => {
  expect(readConfig({ HOST }).host).toBe(host);
});

test('E6: one port for everything is no port of its own', () => {
  expect(readConfig({ PORT: '80', MUSTER_OPERATIONS_PORT: '80' }).operationsPort).toBeUndefined();
  expect(readConfig({ PORT: '0', MUSTER_OPERATIONS_PORT: '0' }).operationsPort).toBe(0);
});

test('X98: passwords are counted in characters, not in the units of their encoding', () => {
  const MUSTER_ADMIN_PASSWORD = '\u{1f511}'.repeat(8);
  expect(readConfig({ MUSTER_ADMIN_PASSWORD }).adminPassword).toBe(MUSTER_ADMIN_PASSWORD);
});

const servers = ['esdb', 'kurrentdb', 'kurrent', 'kdb'].flatMap((scheme) => [
  `${scheme}://host:2113?tls=false`,
  `${scheme}+discover://cluster.example`,
]);
test.each(servers)('%s is a store', (EVENT_STORE) => {
  expect(readConfig({ EVENT_STORE }).eventStore).toBe(EVENT_STORE);
});

test('a connection string with a mistake in its scheme does not show its password', () => {
  expect(() => readConfig({ EVENT_STORE: 'esbd://user:hush@host' })).toThrow(
    /^(?!.*hush).*EVENT_STORE is "esbd:"/,
  );
});

test.each(['0', '1', '65535', '080'])('PORT %s is a port', (PORT) => {
  expect(readConfig({ PORT }).port).toBe(Number(PORT));
});

test.each([
  ['smtp://localhost', 'localhost'],
  ['smtp://10.0.0.1:2525', '10.0.0.1'],
  ['smtps://user:p%3Fss@[::1]/?requireTLS=true&tls.rejectUnauthorized=false', '[::1]'],
  ['smtp://mx.example?ignoreTLS=false&opportunisticTLS=true&tls.servername=a-b.example', 'mx.example'],
  ['smtp://mx?maxConnections=2&maxMessages=50&authMethod=CRAM-MD5&name=[10.0.0.1]&localAddress=::1', 'mx'],
  ['smtp://mx?connectionTimeout=1&greetingTimeout=20&socketTimeout=300&dnsTimeout=4000', 'mx'],
])('%s is an SMTP server', (SMTP_URL, host) => {
  expect(readConfig({ SMTP_URL }).smtpUrl).toBe(SMTP_URL);
  expect(new URL(SMTP_URL).hostname).toBe(host);
});

test.each([
  ['a@b', '', 'a@b'],
  ['<a@b.example>', '', 'a@b.example'],
  ['"Acme, Inc."  <no-reply@acme.example>', 'Acme, Inc.', 'no-reply@acme.example'],
  [' Zoë <zoe+mail@x.example> ', 'Zoë', 'zoe+mail@x.example'],
])('%j is a sender', (MUSTER_MAIL_FROM, name, address) => {
  expect(readConfig({ MUSTER_MAIL_FROM }).mailFrom).toEqual({ name, address });
});
