import { emailRule } from './domain/email-address.js';
import { nameRule } from './domain/text.js';
import { isPassword } from './domain/password.js';
import { hostIn } from './listen-address.js';
import { isSmtpUrl } from './smtp-url.js';

/** How this process runs; made from the environment once, at the start. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Where health and metrics are served; undefined: at the same port as everything else. */
  readonly operationsPort: number | undefined;
  /** Where callers reach the service, without a slash at the end; undefined: where it listens. */
  readonly publicUrl: string | undefined;
  readonly dataDirectory: string;
  readonly eventStore: 'sqlite' | 'memory' | ConnectionString;
  /** What the names of all streams start with. */
  readonly streamPrefix: string;
  /** Whether the log may be new although the data directory holds something of another one. */
  readonly isNewLog: boolean;
  readonly logLevel: LogLevel;
  /** The key that opens companies; without it there is no such route. */
  readonly operatorKey: string | undefined;
  /** Requests a second that each company may send; without it as many as it likes. */
  readonly rateLimit: number | undefined;
  /** Whether the API describes itself at /docs and /openapi.json. */
  readonly docs: boolean;
  readonly lockOut: {
    /** So many failed sign-ins of a user from one address lock the user; 0: never. */
    readonly after: number;
    /** How long a lock lasts, and how long failures count after the last one. */
    readonly minutes: number;
  };
  readonly mail: {
    /** Of the SMTP server; may hold a password. Without it mails are files in the data directory. */
    readonly smtpUrl: string | undefined;
    /** Whom mails come from. */
    readonly from: MailAddress;
    /** The link in mails, with `{token}` for the token; without it one to the page of this service. */
    readonly passwordUrl: string | undefined;
  };
  readonly company: {
    readonly name: string;
    readonly adminEmail: string;
    readonly adminPassword: string | undefined;
    readonly adminApiKey: string | undefined;
    /** Which of these the environment sets. */
    readonly given: readonly CompanySetting[];
  };
}

/** The settings of the company that a first start opens. */
export const companySettings = [
  ...(['MUSTER_COMPANY', 'MUSTER_ADMIN_EMAIL', 'MUSTER_ADMIN_PASSWORD', 'MUSTER_ADMIN_API_KEY'] as const),
] as const;
export type CompanySetting = (typeof companySettings)[number];

export interface MailAddress {
  /** Empty when there is none. */
  readonly name: string;
  readonly address: string;
}

/** Of EventStoreDB, or KurrentDB, as its versions from 25.0 on are called; may hold a password. */
export type ConnectionString = `${'esdb' | 'kurrentdb' | 'kurrent' | 'kdb'}${':' | '+discover:'}//${string}`;

/** Injects the {@link Config}. */
export const CONFIG = Symbol('Config');

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** What is wrong with the environment, one line a setting. */
export class ConfigError extends Error {}

export const settings = {
  PORT: 'port to listen on, 0 for any free one (3000)',
  HOST: 'address to listen on (127.0.0.1)',
  MUSTER_OPERATIONS_PORT: 'port of /health and /metrics, which PORT does not serve then (PORT)',
  MUSTER_PUBLIC_URL: 'where callers reach the service, for links in mails and documents (where it listens)',
  MUSTER_DATA_DIR: 'directory of the event log and the views (./data)',
  EVENT_STORE:
    'sqlite, esdb://… or kurrentdb://… for EventStoreDB, or memory to try things out and forget them (sqlite)',
  MUSTER_STREAM_PREFIX: 'what the names of all streams start with, to share a log with others (nothing)',
  MUSTER_NEW_LOG: 'yes: begin a new log although this directory holds views or snapshots of one (no)',
  LOG_LEVEL: `${logLevels.join(', ')} (info)`,
  MUSTER_COMPANY: 'name of the company that a first start opens (My Company)',
  MUSTER_ADMIN_EMAIL: 'e-mail address of its first user (admin@example.com)',
  MUSTER_ADMIN_PASSWORD: 'password of its first user, of 8 characters at least (generated, shown once)',
  MUSTER_ADMIN_API_KEY: 'API key of its first user, of 20 characters at least (generated, shown once)',
  RATE_LIMIT: 'requests a second of each company, with its client accounts (no limit)',
  MUSTER_DOCS: 'on, or off for no /docs, /openapi.json and /openapi.yaml (on)',
  MUSTER_LOCK_OUT_AFTER: 'failed sign-ins of a user from one address that lock the user, 0 for never (30)',
  MUSTER_LOCK_OUT_MINUTES: 'how long a lock lasts, and how long failures count after the last one (15)',
  SMTP_URL: 'smtp://user:password@host:port or smtps://… to send mails by (none: files in outbox/)',
  MUSTER_MAIL_FROM: 'whom mails come from (Muster <muster@localhost>)',
  MUSTER_PASSWORD_URL: 'link in mails to choose a password, with {token} in it (a page of this process)',
  MUSTER_OPERATOR_KEY: 'key for POST /api/v2/companies, of 20 characters at least (none: no such route)',
} as const;

type Setting = keyof typeof settings;

/** @throws ConfigError that names every setting that is wrong */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const text = (name: Setting): string | undefined => {
    const value = environment[name];
    if (value === undefined || value === '') return undefined;
    if (value.trim() === '') problems.push(`${name} is blank`);
    return value;
  };
  const oneOf = <Value extends string>(name: Setting, values: readonly Value[], otherwise: Value): Value => {
    const value = text(name);
    const found = values.find((one) => one === value);
    if (value !== undefined && found === undefined)
      problems.push(`${name} is "${value}", but must be one of ${values.join(', ')}`);
    return found ?? otherwise;
  };
  const eventStore = (): Config['eventStore'] => {
    const value = text('EVENT_STORE') ?? 'sqlite';
    if (value === 'sqlite' || value === 'memory' || isConnectionString(value)) return value;
    // Not repeated as a whole: it may be a connection string with a password.
    const [scheme = ''] = value.split('//');
    problems.push(
      `EVENT_STORE is "${scheme}", but must be sqlite, memory, or esdb://… for EventStoreDB (also kurrentdb://…, kurrent://… or kdb://…)`,
    );
    return 'sqlite';
  };
  const streamPrefix = text('MUSTER_STREAM_PREFIX') ?? '';
  if (!/^[\w.-]{0,64}$/.test(streamPrefix) || streamPrefix.includes('account-'))
    problems.push(
      'MUSTER_STREAM_PREFIX must consist of at most 64 letters, digits, hyphens, dots and underscores, without "account-"',
    );
  const key = (name: Setting): string | undefined => {
    const value = text(name);
    if (value !== undefined && !/^[\x21-\x7e]{20,}$/.test(value))
      problems.push(
        `${name} must consist of at least 20 visible ASCII characters without blanks; "openssl rand -hex 16" makes such a key`,
      );
    return value;
  };
  const portOf = (name: Setting): number | undefined => {
    const value = text(name);
    if (value !== undefined && (!/^\d{1,5}$/.test(value) || Number(value) > 65535))
      problems.push(`${name} is "${value}", but must be a number from 0 to 65535`);
    return value === undefined ? undefined : Number(value);
  };
  const positive = (name: Setting): number | undefined => {
    const value = text(name);
    const isPositive = value === undefined || (/^\d{1,9}(\.\d{1,9})?$/.test(value) && Number(value) > 0);
    if (!isPositive) problems.push(`${name} is "${value}", but must be a number greater than 0`);
    return value === undefined ? undefined : Number(value);
  };
  const lockOutAfter = text('MUSTER_LOCK_OUT_AFTER') ?? '30';
  if (!/^\d{1,9}$/.test(lockOutAfter))
    problems.push(`MUSTER_LOCK_OUT_AFTER is "${lockOutAfter}", but must be a whole number from 0`);
  const port = portOf('PORT') ?? 3000;
  const operationsPort = portOf('MUSTER_OPERATIONS_PORT');
  const givenHost = text('HOST') ?? '127.0.0.1';
  const host = hostIn(givenHost);
  if (host === undefined && givenHost.trim() !== '')
    problems.push(
      `HOST is "${givenHost}", but must be an address or a name to listen on, such as 127.0.0.1 or ::; PORT is a setting of its own`,
    );
  const publicUrl = text('MUSTER_PUBLIC_URL')?.replace(/\/+$/, '');
  if (publicUrl !== undefined && !isPublicUrl(publicUrl))
    problems.push(
      `MUSTER_PUBLIC_URL is "${publicUrl}", but must be an http or https address without a query, such as https://muster.example.com`,
    );
  const adminPassword = text('MUSTER_ADMIN_PASSWORD');
  if (adminPassword !== undefined && !isPassword(adminPassword))
    problems.push('MUSTER_ADMIN_PASSWORD must have 8 to 1,024 characters, and no NUL among them');
  const adminEmail = text('MUSTER_ADMIN_EMAIL') ?? 'admin@example.com';
  // With a colon in it nobody can sign in by Basic.
  if (!emailRule.isKeptBy(adminEmail) || adminEmail.includes(':'))
    problems.push(`MUSTER_ADMIN_EMAIL is ${quoted(adminEmail)}, but must be ${emailRule.requirement}`);
  const company = text('MUSTER_COMPANY') ?? 'My Company';
  if (!nameRule.isKeptBy(company))
    problems.push(`MUSTER_COMPANY is ${quoted(company)}, but must be ${nameRule.requirement}`);
  const smtpUrl = text('SMTP_URL');
  // Not repeated: it may hold a password.
  if (smtpUrl !== undefined && !isSmtpUrl(smtpUrl))
    problems.push(
      'SMTP_URL must be smtp://host:port or smtps://host:port, with user:password@ where the server asks for them (special characters as % and two digits) and options that are known, each once and with a value it takes',
    );
  const mailFrom = text('MUSTER_MAIL_FROM') ?? 'Muster <muster@localhost>';
  const from = addressIn(mailFrom);
  if (!from) problems.push(`MUSTER_MAIL_FROM is "${mailFrom}", but must be like Muster <muster@example.com>`);
  const passwordUrl = text('MUSTER_PASSWORD_URL');
  if (passwordUrl !== undefined && !isPasswordUrl(passwordUrl))
    problems.push(
      `MUSTER_PASSWORD_URL is "${passwordUrl}", but must be an http or https address with {token} in it`,
    );
  const config: Config = {
    host: host ?? givenHost,
    port,
    // One server cannot listen twice at the same port, but at two that are free.
    operationsPort: operationsPort === port && port !== 0 ? undefined : operationsPort,
    publicUrl,
    dataDirectory: text('MUSTER_DATA_DIR') ?? './data',
    eventStore: eventStore(),
    streamPrefix,
    isNewLog: oneOf('MUSTER_NEW_LOG', ['yes', 'no'], 'no') === 'yes',
    logLevel: oneOf('LOG_LEVEL', logLevels, 'info'),
    operatorKey: key('MUSTER_OPERATOR_KEY'),
    rateLimit: positive('RATE_LIMIT'),
    docs: oneOf('MUSTER_DOCS', ['on', 'off'], 'on') === 'on',
    lockOut: { after: Number(lockOutAfter), minutes: positive('MUSTER_LOCK_OUT_MINUTES') ?? 15 },
    mail: { smtpUrl, from: from ?? { name: '', address: '' }, passwordUrl },
    company: {
      name: company,
      adminEmail,
      adminPassword,
      adminApiKey: key('MUSTER_ADMIN_API_KEY'),
      given: companySettings.filter((name) => text(name) !== undefined),
    },
  };
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return config;
}

function isConnectionString(value: string): value is ConnectionString {
  return /^(esdb|kurrentdb|kurrent|kdb)(\+discover)?:\/\//.test(value);
}

/** @returns undefined when the text is no address, with or without a name in front */
function addressIn(value: string): MailAddress | undefined {
  const [, name = '', inBrackets, alone] = /^(?:([^<>]*)<([^<>]*)>|([^<>]*))$/.exec(value.trim()) ?? [];
  const address = inBrackets ?? alone ?? '';
  const isAddress = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z\d]([a-z\d.-]{0,180}[a-z\d])?$/i.test(address);
  if (!isAddress || !(name.trim() === '' || nameRule.isKeptBy(name))) return undefined;
  return { name: name.trim().replace(/^"(.*)"$/, '$1'), address };
}

function isPublicUrl(value: string): boolean {
  return /^https?:\/\/[^\s<>"'@?#\u0000-\u001f]+$/i.test(value) && URL.canParse(value);
}

function isPasswordUrl(value: string): boolean {
  const isPlain = /^https?:\/\/[^\s<>"\u0000-\u001f]+$/i.test(value) && value.includes('{token}');
  return isPlain && URL.canParse(value.replaceAll('{token}', 'token'));
}

/** On one line, with what cannot be seen as its code. */
function quoted(value: string): string {
  return JSON.stringify(value).replace(/[^\x20-\x7e]/gu, (character) =>
    /[\p{L}\p{N}\p{P}\p{S}]/u.test(character)
      ? character
      : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
