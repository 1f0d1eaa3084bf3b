import { commandNames } from './command-names.js';
import { eventStore, schemeOf, streamPrefix } from './event-log.js';
import * as kinds from './kinds.js';
import { limits } from './limits.js';
import { counts } from './counts.js';
import { mailAddress } from './mail-address.js';
import { fileVariableOf } from './secret-file.js';
import type { Setting, ValueOf } from './setting.js';
import { smtpUrl } from './smtp-url.js';
import { passwordUrl, publicUrl } from './web-address.js';

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * All settings, by the names of their values in the program.
 * The README has a row for each, in this order.
 */
export const settings = {
  port: {
    name: 'PORT',
    kind: kinds.port,
    meaning: 'port to listen on, 0 for any free port',
    default: '3000',
  },
  host: {
    name: 'HOST',
    kind: kinds.host,
    meaning: 'address to listen on',
    default: '127.0.0.1',
  },
  operationsPort: {
    name: 'MUSTER_OPERATIONS_PORT',
    kind: kinds.port,
    meaning: 'port of /health and /metrics; PORT then does not serve them',
    without: 'PORT',
  },
  publicUrl: {
    name: 'MUSTER_PUBLIC_URL',
    kind: publicUrl,
    meaning: 'address under which callers reach the service, for links in mails and documents',
    without: 'http://<HOST>:<PORT>',
  },
  dataDirectory: {
    name: 'MUSTER_DATA_DIR',
    kind: kinds.anyText,
    meaning: 'directory of the log and the views, for one process at a time',
    default: './data',
  },
  eventStore: {
    name: 'EVENT_STORE',
    kind: eventStore,
    meaning: 'sqlite, esdb://… or kurrentdb://… for EventStoreDB, or memory for trials, which keeps nothing',
    default: 'sqlite',
    secret: schemeOf,
  },
  streamPrefix: {
    name: 'MUSTER_STREAM_PREFIX',
    kind: streamPrefix,
    meaning: 'prefix of the names of all streams, for several services on one log',
    default: '',
  },
  isNewLog: {
    name: 'MUSTER_NEW_LOG',
    kind: kinds.either('yes', 'no'),
    meaning: 'yes allows a new log although the directory has views or snapshots of a log that is gone',
    default: 'no',
  },
  logLevel: {
    name: 'LOG_LEVEL',
    kind: kinds.oneOf(logLevels),
    meaning: logLevels.join(', '),
    default: 'info',
  },
  company: {
    name: 'MUSTER_COMPANY',
    kind: kinds.name,
    meaning: 'name of the company that a first start opens',
    default: 'My Company',
  },
  adminEmail: {
    name: 'MUSTER_ADMIN_EMAIL',
    kind: kinds.email,
    meaning: 'e-mail address of its first user',
    default: 'admin@example.com',
  },
  adminPassword: {
    name: 'MUSTER_ADMIN_PASSWORD',
    kind: kinds.password,
    meaning: 'password of its first user, of at least 8 characters',
    without: 'generated, shown once',
    secret: true,
  },
  adminApiKey: {
    name: 'MUSTER_ADMIN_API_KEY',
    kind: kinds.key,
    meaning: 'API key of its first user, of at least 20 characters',
    without: 'generated, shown once',
    secret: true,
  },
  ...limits,
  limits: {
    name: 'MUSTER_LIMITS',
    kind: counts,
    meaning: 'how many of something there can be, in place of the defaults: users=1000000,groups=200000',
    default: '',
  },
  logMegabytesADay: {
    name: 'MUSTER_LOG_MB_A_DAY',
    kind: kinds.positiveNumber,
    meaning: 'megabytes that a company and its client accounts may add to the log in a day of UTC',
    default: '1024',
  },
  freeMegabytes: {
    name: 'MUSTER_FREE_SPACE_MB',
    kind: kinds.wholeNumber,
    meaning:
      'megabytes free on the disks of the log and the views below which /health/ready warns; 0 is never',
    default: '512',
  },
  accountsMemory: {
    name: 'MUSTER_ACCOUNTS_MEMORY',
    kind: kinds.heapPercent,
    meaning: 'percent of the heap that accounts in memory may take, one of them half of that',
    default: '30',
  },
  docs: {
    name: 'MUSTER_DOCS',
    kind: kinds.either('on', 'off'),
    meaning: 'off serves nothing at /docs, /openapi.json, /openapi.yaml and /asyncapi.json',
    default: 'on',
  },
  lockOutAfter: {
    name: 'MUSTER_LOCK_OUT_AFTER',
    kind: kinds.wholeNumber,
    meaning: 'number of failed sign-ins of a user from one address that lock the user; 0 is never',
    default: '30',
  },
  lockOutMinutes: {
    name: 'MUSTER_LOCK_OUT_MINUTES',
    kind: kinds.positiveNumber,
    meaning: 'length of a lock, and time after the last failure until failures are forgotten',
    default: '15',
  },
  requireReason: {
    name: 'MUSTER_REQUIRE_REASON',
    kind: commandNames,
    meaning: 'commands that are refused without the header Muster-Reason, separated by commas',
    default: '',
  },
  attemptsDays: {
    name: 'MUSTER_ATTEMPTS_DAYS',
    kind: kinds.days,
    meaning: 'days for which refused and failed requests and the sources of writes are kept; 0 keeps none',
    default: '30',
  },
  smtpUrl: {
    name: 'SMTP_URL',
    kind: smtpUrl,
    meaning: 'server that sends mails: smtp://user:password@host:port or smtps://…',
    without: 'none: files in outbox/',
    secret: true,
  },
  mailFrom: {
    name: 'MUSTER_MAIL_FROM',
    kind: mailAddress,
    meaning: 'sender of mails',
    default: 'Muster <muster@localhost>',
  },
  passwordUrl: {
    name: 'MUSTER_PASSWORD_URL',
    kind: passwordUrl,
    meaning: 'link in mails for choosing a password, with {token} in it',
    without: '<MUSTER_PUBLIC_URL>/password#{token}',
  },
  secret: {
    name: 'MUSTER_SECRET',
    kind: kinds.secret,
    meaning: 'secret of at least 32 characters that seals the secrets of webhooks, the same on all instances',
    without: 'made once and kept in the data directory; with EventStoreDB none: no webhooks',
    secret: true,
  },
  formerSecret: {
    name: 'MUSTER_SECRET_OLD',
    kind: kinds.secret,
    meaning: 'the former MUSTER_SECRET, at the first start with another one',
    without: 'none',
    secret: true,
  },
  allowPrivate: {
    name: 'WEBHOOK_ALLOW_PRIVATE',
    kind: kinds.either('true', 'false'),
    meaning: 'true lets webhooks send to private addresses, and by http',
    default: 'false',
  },
  operatorKey: {
    name: 'MUSTER_OPERATOR_KEY',
    kind: kinds.key,
    meaning: 'Bearer key of POST /api/v2/companies, of at least 20 characters',
    without: 'none: no such route',
    secret: true,
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;

type Settings = typeof settings;
export type SettingName = Settings[keyof Settings]['name'];
export type Values = { readonly [Key in keyof Settings]: ValueOf<Settings[Key]> };

export const settingNames: readonly SettingName[] = Object.values(settings).map(({ name }) => name);

/** The variables that name files with secrets, in the order of the settings. */
export const fileVariables: readonly string[] = Object.values<Setting<unknown>>(settings).flatMap(
  (setting) => fileVariableOf(setting) ?? [],
);
