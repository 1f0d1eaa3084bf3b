import { describe, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/setting.js';
import { defaultLimits } from '../../src/domain/limits.js';
import { settingNames, settings } from '../../src/config/settings.js';

test('an empty environment gives the defaults', () => {
  expect(readConfig({})).toEqual({
    ...{ host: '127.0.0.1', port: 3000, dataDirectory: './data', eventStore: 'sqlite', logLevel: 'info' },
    ...{ operationsPort: undefined, publicUrl: undefined },
    ...{
      docs: true,
      isNewLog: false,
      streamPrefix: '',
      operatorKey: undefined,
      rateLimit: undefined,
      ...{ openRateLimit: 50, maxConnections: 2000, requestSeconds: 30 },
      ...{ mailsOfCompany: 100, mailsOfAddress: 10 },
      ...{ streams: 2000, streamsPerCompany: 1000, largeReads: 4 },
      ...{ limits: defaultLimits, logMegabytesADay: 1024, accountsMemory: 30 },
      lockOutAfter: 30,
      lockOutMinutes: 15,
      requireReason: [],
      attemptsDays: 30,
      ...{ secret: undefined, formerSecret: undefined, allowPrivate: false },
    },
    ...{
      smtpUrl: undefined,
      mailFrom: { name: 'Muster', address: 'muster@localhost' },
      passwordUrl: undefined,
    },
    ...{ company: 'My Company', adminEmail: 'admin@example.com' },
    ...{ adminPassword: undefined, adminApiKey: undefined, given: [] },
  });
});

const key = '0123456789abcdefghij';

test('every setting is taken as it is', () => {
  const environment = {
    ...{
      PORT: '8080',
      HOST: '::1',
      MUSTER_OPERATIONS_PORT: '8081',
      MUSTER_PUBLIC_URL: 'https://example.org/muster/',
      MUSTER_DATA_DIR: '/var/lib/muster',
      EVENT_STORE: 'memory',
      MUSTER_STREAM_PREFIX: 'staging-',
      LOG_LEVEL: 'debug',
    },
    ...{
      MUSTER_COMPANY: ' Zoë & Co ',
      MUSTER_ADMIN_EMAIL: 'zoe@example.org',
      MUSTER_ADMIN_PASSWORD: ' blanks ',
    },
    ...{
      MUSTER_ADMIN_API_KEY: key,
      MUSTER_OPERATOR_KEY: `${key}2`,
      RATE_LIMIT: '2.5',
      ...{ MUSTER_OPEN_RATE_LIMIT: '7', MUSTER_MAX_CONNECTIONS: '2', MUSTER_REQUEST_SECONDS: '1.5' },
      ...{ MUSTER_MAILS_PER_COMPANY: '3', MUSTER_MAILS_PER_ADDRESS: '2' },
      ...{ MUSTER_STREAMS: '20', MUSTER_STREAMS_PER_COMPANY: '10' },
      MUSTER_LARGE_READS_PER_COMPANY: '6',
      ...{ MUSTER_LIMITS: 'users=5, groups=7', MUSTER_LOG_MB_A_DAY: '0.5', MUSTER_ACCOUNTS_MEMORY: '40' },
      MUSTER_DOCS: 'off',
      MUSTER_NEW_LOG: 'yes',
    },
    ...{ MUSTER_LOCK_OUT_AFTER: '0', MUSTER_LOCK_OUT_MINUTES: '0.5' },
    MUSTER_REQUIRE_REASON: 'DeleteUser, CreateUser',
    MUSTER_ATTEMPTS_DAYS: '0',
    ...{ MUSTER_SECRET: key.repeat(2), MUSTER_SECRET_OLD: `${key}-${key}`, WEBHOOK_ALLOW_PRIVATE: 'true' },
    SMTP_URL: 'smtps://mails:hu%40sh@mail.example.org:465?tls.servername=mx',
    MUSTER_MAIL_FROM: 'Zoë & Co <no-reply@example.org>',
    MUSTER_PASSWORD_URL: 'https://example.org/welcome?t={token}',
  };
  expect(Object.keys(environment).sort()).toEqual([...settingNames].sort());
  expect(readConfig(environment)).toEqual({
    ...{ host: '::1', port: 8080, dataDirectory: '/var/lib/muster', eventStore: 'memory', logLevel: 'debug' },
    ...{ operationsPort: 8081, publicUrl: 'https://example.org/muster' },
    ...{
      streamPrefix: 'staging-',
      operatorKey: `${key}2`,
      rateLimit: 2.5,
      ...{ openRateLimit: 7, maxConnections: 2, requestSeconds: 1.5 },
      ...{ mailsOfCompany: 3, mailsOfAddress: 2 },
      ...{ streams: 20, streamsPerCompany: 10, largeReads: 6 },
      limits: { ...defaultLimits, users: 5, groups: 7 },
      ...{ logMegabytesADay: 0.5, accountsMemory: 40 },
      docs: false,
      isNewLog: true,
      lockOutAfter: 0,
      lockOutMinutes: 0.5,
      requireReason: ['DeleteUser', 'CreateUser'],
      attemptsDays: 0,
      ...{ secret: key.repeat(2), formerSecret: `${key}-${key}`, allowPrivate: true },
    },
    smtpUrl: 'smtps://mails:hu%40sh@mail.example.org:465?tls.servername=mx',
    mailFrom: { name: 'Zoë & Co', address: 'no-reply@example.org' },
    passwordUrl: 'https://example.org/welcome?t={token}',
    ...{ company: ' Zoë & Co ', adminEmail: 'zoe@example.org' },
    ...{ adminPassword: ' blanks ', adminApiKey: key, given: settingNames },
  });
});

test('an empty setting is as good as none', () => {
  const empty = Object.fromEntries(settingNames.map((name) => [name, '']));
  expect(readConfig(empty)).toEqual(readConfig({}));
});

test('other variables of the environment are nobody’s business', () => {
  expect(readConfig({ PATH: '/bin', MUSTER_UNKNOWN: 'x', port: '1' })).toEqual(readConfig({}));
});

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
    ...['-1', '1.5', 'never', '1e3'].map((value) => ['MUSTER_LOCK_OUT_AFTER', value]),
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
