import { createHash, randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { Config } from '../config/config.js';
import type { SettingName } from '../config/settings.js';
import type { OpenCompany } from '../domain/account.js';
import { noCredential } from '../domain/command.js';
import { ListUsers } from '../read/users.js';
import type { Views } from '../read/views.js';
import { type FirstSecrets, FirstSecretsFile } from './first-secrets.js';
import { openCompany } from './open-company.js';
import { hashApiKey, hashPassword, newApiKey, newId, verifyPassword } from './secrets.js';

/**
 * The id of the company that is opened in a log without any.
 * It is fixed, so that only one of two instances on one log opens the company.
 */
function firstCompanyOf(streamPrefix: string): string {
  return createHash('sha256').update(`${streamPrefix}muster first company`).digest('hex').slice(0, 32);
}

/** These settings count when a first start opens the company. */
const companySettings = [
  ...(['MUSTER_COMPANY', 'MUSTER_ADMIN_EMAIL', 'MUSTER_ADMIN_PASSWORD', 'MUSTER_ADMIN_API_KEY'] as const),
] as const satisfies readonly SettingName[];
type CompanySetting = (typeof companySettings)[number];

/**
 * The settings of the company that a first start opens: their use at that start, and a check of them later.
 */
export class FirstCompany {
  readonly id: string;
  private readonly logger = new Logger(FirstCompany.name);
  private readonly file: FirstSecretsFile;

  constructor(
    private readonly config: Config,
    private readonly views: Pick<Views, 'answers' | 'credentials' | 'moments' | 'signIns' | 'tree'>,
  ) {
    this.id = firstCompanyOf(config.streamPrefix);
    this.file = new FirstSecretsFile(config.eventStore === 'memory' ? undefined : config.dataDirectory);
  }

  /** The command that opens the company. The secrets made for it are kept until they can be shown. */
  async command(): Promise<OpenCompany> {
    const { company: name, adminEmail: email, adminPassword, adminApiKey } = this.config;
    const made = this.secretsFor(email);
    this.file.write(made);
    const [password, apiKey] = [adminPassword ?? made.password, adminApiKey ?? made.api_key];
    const password_hash = password === undefined ? null : await hashPassword(password);
    const admin = {
      first_name: 'First',
      last_name: 'Admin',
      email,
      password_hash,
      apiKey,
      userId: made.user_id,
    };
    const meta = {
      commandId: randomUUID(),
      requestId: 'start',
      via: 'system',
      actor: { kind: 'system' },
      credential: noCredential,
    } as const;
    const { command } = openCompany(this.id, { name, admin }, meta);
    return command;
  }

  /**
   * Shows the operator the secrets that were made for the company, if the company was recorded with them.
   * They are kept nowhere from then on. The secrets of a start that ended too early are shown as well.
   * @param url by which this machine reaches the service
   */
  show(url: string): void {
    const made = this.file.read();
    if (!made) return;
    const isRecorded = this.views.signIns.of({ account: made.account, id: made.user_id }) !== undefined;
    if (isRecorded) tell(made, url);
    else this.logger.log('Another instance has opened the company; its secrets are valid');
    this.file.remove();
  }

  /** Names the settings of the company that differ from what is recorded. It never tells their values. */
  async warnOfChanges(): Promise<void> {
    const differing: CompanySetting[] = [];
    for (const name of companySettings.filter((one) => this.config.given.includes(one)))
      if (!(await this.isRecorded(name))) differing.push(name);
    if (differing.length > 0)
      this.logger.warn(
        `${differing.join(', ')}: not what is recorded, and without effect, as the company was opened before. Change it over the API, or remove the settings`,
      );
  }

  /** The secrets of an earlier start are used again: its company may have been recorded without an answer. */
  private secretsFor(email: string): FirstSecrets {
    const { adminPassword, adminApiKey } = this.config;
    const left = this.file.read();
    const fits =
      left?.account === this.id &&
      left.email === email &&
      (left.password === undefined) === (adminPassword !== undefined) &&
      (left.api_key === undefined) === (adminApiKey !== undefined);
    if (fits) return left;
    return {
      ...{ account: this.id, user_id: newId(), email },
      ...(adminPassword === undefined ? { password: randomUUID() } : {}),
      ...(adminApiKey === undefined ? { api_key: newApiKey(this.id) } : {}),
    };
  }

  private async isRecorded(setting: CompanySetting): Promise<boolean> {
    const { answers, credentials, moments, tree } = this.views;
    const { company: name, adminEmail, adminPassword = '', adminApiKey = '' } = this.config;
    const oldest = tree.oldestCompany();
    if (!oldest) return true;
    const account = oldest.id;
    switch (setting) {
      case 'MUSTER_COMPANY':
        return oldest.name === name;
      case 'MUSTER_ADMIN_EMAIL': {
        const query = new ListUsers(moments.now(account), { email: adminEmail }, { limit: 1, offset: 0 });
        return answers.to(query).total > 0;
      }
      case 'MUSTER_ADMIN_API_KEY':
        return credentials.byKeyHash(hashApiKey(adminApiKey))?.account === account;
      case 'MUSTER_ADMIN_PASSWORD': {
        const own = credentials.byEmailIn(account, adminEmail);
        return own !== undefined && verifyPassword(adminPassword, own.password_hash);
      }
    }
  }
}

function tell({ email, password, api_key }: FirstSecrets, url: string): void {
  if (password === undefined && api_key === undefined) return;
  const credential =
    api_key === undefined ? `-u ${quoted(`${email}:${password ?? ''}`)}` : `-H 'kf-api-key: ${api_key}'`;
  const lines = [
    'Muster has opened its first company. This is shown once:',
    ...(password === undefined ? [] : [`  sign in:  ${email}  ${password}`]),
    ...(api_key === undefined ? [] : [`  API key:  ${api_key}`]),
    `  try:      curl ${credential} ${url}/api/1.0/users`,
  ];
  process.stderr.write(`\n${lines.join('\n')}\n\n`);
}

/** Quoted, so that a shell takes it for one word. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
