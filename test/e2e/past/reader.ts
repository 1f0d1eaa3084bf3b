import { hashApiKey } from '../../../src/application/secrets.js';
import { Execute } from '../../../src/application/execute.js';
import { OpenCompany } from '../../../src/domain/account.js';
import type { Command } from '../../../src/domain/aggregates.js';
import { Rejection } from '../../../src/domain/rejection.js';
import type { Runner } from '../../read/random-log.js';
import type { RunningApp } from '../../support/app.js';

/** The key of the first user of acme, who reads all the time. */
export const readerKey = `mk_acme_${'k'.repeat(43)}`;

/** Carries out random commands, but for those that would take the reader's right to read. */
export class ReadableLog implements Runner {
  constructor(private readonly app: RunningApp) {}

  async run(command: Command): Promise<unknown> {
    const isAboutReader = 'user_id' in command.data && command.data.user_id === 'acme-admin';
    if (isAboutReader && ['DeleteUser', 'RemoveUserFromRole', 'RevokeApiKey'].includes(command.type))
      throw new Rejection('access_denied');
    return this.app.app.get(Execute).run(withKnownKey(command));
  }
}

function withKnownKey(command: Command): Command {
  if (!(command instanceof OpenCompany)) return command;
  const admin = { ...command.data.admin, key_hash: hashApiKey(readerKey) };
  return new OpenCompany(command.account, { ...command.data, admin }, command.meta);
}
