import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/setting.js';
import { settingNames, settings } from '../../src/config/settings.js';

describe('a wrong setting is named', () => {
  test.each([
    ...['PORT', 'MUSTER_OPERATIONS_PORT'].flatMap((name) =>
      ['http', '-1', '65536', '1.5', '1e3', '0x50', ' 80', '80 ', '٣'].map((value) => [name, value]),
    ),
    // An address with a port, in whatever form, and what is none.
    ...[
      'localhost:3000',
      '127.0.0.1:80',
      '[::1]:3000',
      'http://localhost',
      'a b',
      '[localhost]',
      '[::1',
      'a/b',
    ].map((value) => ['HOST', value]),
    ...[
      'example.org',
      'ftp://example.org',
      'https://',
      'https://a b',
      'https://a?b',
      'https://a#b',
      'https://u:p@a',
    ].map((value) => ['MUSTER_PUBLIC_URL', value]),
    ...['postgres', 'SQLite', 'sqlite ', 'esdb', 'esdb:', 'kurrentdb:', 'xkdb://host'].map((value) => [
      'EVENT_STORE',
      value,
    ]),
    ...['$system', 'with blank', 'a'.repeat(65), 'ö'].map((value) => ['MUSTER_STREAM_PREFIX', value]),
    ...['loud', 'INFO', 'warning'].map((value) => ['LOG_LEVEL', value]),
    ...[
      ...['nobody', '@example.com', 'a@b', 'a b@example.com', 'a:b@example.com', '"a:b"@example.com'],
      ...['jane@exam\u00adple.com', 'jane@ⓔxample.com', 'jose\u0301@example.com', 'jane@xn--a.example'],
    ].map((value) => ['MUSTER_ADMIN_EMAIL', value]),
    ...['\u200b', 'a\u2028b', 'a\u202eb', 'a\u009bb', 'x'.repeat(256)].map((value) => [
      'MUSTER_COMPANY',
      value,
    ]),
    ['MUSTER_MAIL_FROM', '\u202eA <a@example.com>'],
    ...['RATE_LIMIT', 'MUSTER_LOCK_OUT_MINUTES', 'MUSTER_LOG_MB_A_DAY'].flatMap((name) =>
      ['0', '0.0', '-1', '1e3', 'off', '5/s', '.5', '5.', 'Infinity'].map((value) => [name, value]),
    ),
    ...['MUSTER_LOCK_OUT_AFTER', 'MUSTER_FREE_SPACE_MB'].flatMap((name) =>
      ['-1', '1.5', 'never', '1e3'].map((value) => [name, value]),
    ),
    ...['-1', '1.5', 'ever', '3651'].map((value) => ['MUSTER_ATTEMPTS_DAYS', value]),
    ...['Vanish', 'DeleteUser,', 'deleteuser', 'toString'].map((value) => ['MUSTER_REQUIRE_REASON', value]),
    ...[
      ...[
        'localhost',
        'localhost:25',
        'http://host',
        'smtp:host',
        'smtp://',
        'smtp://host:x',
        'smtp://host/path',
      ],
      ...['smtp://user@host', 'smtp://user:p#ss@host', 'smtp://user:p/ss@host', 'smtp://user:p?ss@host'],
      ...['smtp://user:%zz@host', 'smtp://a b@host', 'smtp://host?logger=true', 'smtp://host?pool=false'],
      ...['smtp://user:pass@ho st', 'smtp://host,other', 'smtp://user:%ff@host'],
      ...['smtp://999.1.1.1', 'smtp://1.2.3.4.5:25', 'smtp://xn--a', 'smtp://host:0'],
      // Values that the client would take for a yes, for no number at all, or two of which it would take one.
      ...[
        ...['requireTLS=TRUE', 'ignoreTLS=FALSE', 'ignoreTLS=no', 'requireTLS=', 'tls.rejectUnauthorized=0'],
        ...['socketTimeout=abc', 'greetingTimeout=1e3', 'connectionTimeout=0', 'dnsTimeout='],
        ...['maxConnections=-1', 'maxConnections=abc', 'maxMessages=', 'requireTLS=true&requireTLS=false'],
        ...['authMethod=NTLM', 'name=a%0d%0ab', 'localAddress=here', 'tls.servername=', 'tls.ca=/ca.crt'],
        ...['localAddress=1.2.3', 'localAddress=1.2.3.999', 'localAddress=:1:'],
      ].map((option) => `smtp://host?${option}`),
    ].map((value) => ['SMTP_URL', value]),
    ...['nobody', '@example.com', 'a@', 'a b@example.com', 'A <a@b> B', 'A <a@b>, B <c@d>', 'a@b, c@d'].map(
      (value) => ['MUSTER_MAIL_FROM', value],
    ),
    ...['Eve\r\nBcc: x@y.example <a@b>', 'a@ex\u00e4mple.org', 'a@-', 'A <>'].map((value) => [
      'MUSTER_MAIL_FROM',
      value,
    ]),
    ...[
      ...['example.org/{token}', 'ftp://host/{token}', 'https://host/', 'https://host/{Token}'],
      ...['https://{token', 'https://ho st/{token}', 'https://host/"{token}"', 'javascript:{token}'],
    ].map((value) => ['MUSTER_PASSWORD_URL', value]),
    ...['HOST', 'MUSTER_DATA_DIR', 'MUSTER_COMPANY', 'MUSTER_ADMIN_PASSWORD'].map((name) => [name, ' \t']),
    ...['seven c', '\u{1f511}\u{1f511}\u{1f511}\u{1f511}', 'nul\0nulnul', 'x'.repeat(1025)].map((value) => [
      'MUSTER_ADMIN_PASSWORD',
      value,
    ]),
    ...[
      'two words of some length',
      'ümlaut-ümlaut-ümlaut-',
      'line\nbreak-line\nbreak-',
      'x'.repeat(19),
    ].flatMap((value) => [
      ['MUSTER_ADMIN_API_KEY', value],
      ['MUSTER_OPERATOR_KEY', value],
    ]),
    ...['two words of some length and more', 'x'.repeat(31)].flatMap((value) => [
      ['MUSTER_SECRET', value],
      ['MUSTER_SECRET_OLD', value],
    ]),
    ...['yes', 'TRUE', '1'].map((value) => ['WEBHOOK_ALLOW_PRIVATE', value]),
  ])('%s: %j', (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} `));
  });

  test.each(settingNames)('%s that is blank, in one line', (name) => {
    expect(() => readConfig({ [name]: ' \t' })).toThrow(new ConfigError(`${name} is blank`));
  });

  test('together with every other one, a line each', () => {
    const environment = {
      PORT: 'x',
      EVENT_STORE: 'x',
      LOG_LEVEL: 'x',
      HOST: ' ',
      MUSTER_OPERATOR_KEY: 'x y',
    };
    const message = (() => {
      try {
        return JSON.stringify(readConfig(environment));
      } catch (error) {
        return (error as Error).message;
      }
    })();
    const named = message.split('\n').map((line) => line.split(' ')[0]);
    expect(named.sort()).toEqual(Object.keys(environment).sort());
  });

  test('but a secret is not repeated', () => {
    const secrets = Object.values(settings).filter((setting) => 'secret' in setting);
    expect(secrets.length).toBeGreaterThan(4);
    for (const { name } of secrets) expect(() => readConfig({ [name]: '://hush' })).toThrow(/^(?!.*hush)/);
    for (const url of [
      'smtp//u:hush@host',
      'smtp://u:hush#@host',
      'smtp://u:x?hush@host',
      'smtp://u:%hush@h',
    ])
      expect(() => readConfig({ SMTP_URL: url })).not.toThrow(/hush/);
  });
});
