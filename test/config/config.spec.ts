import { expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/config.js';
import { defaultLimits } from '../../src/domain/limits.js';
import { settingNames } from '../../src/config/settings.js';

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
      ...{ limits: defaultLimits, logMegabytesADay: 1024, freeMegabytes: 512, accountsMemory: 30 },
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
      MUSTER_FREE_SPACE_MB: '77',
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
      ...{ logMegabytesADay: 0.5, freeMegabytes: 77, accountsMemory: 40 },
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
