import { randomUUID } from 'node:crypto';
import { Execute } from '../../src/application/execute.js';
import { hashPasswordToken, newId, newPasswordToken } from '../../src/application/secrets.js';
import { ClaimMail, RecordMailSent, RequestMail } from '../../src/domain/mail.js';
import type { CommandMeta } from '../../src/domain/command.js';
import type { RunningApp } from './app.js';

const DAY_MS = 86_400_000;

/** Does what the sender of a mail does, without a mail. @returns the token that would stand in it */
export async function mailedToken(...asked: Parameters<typeof mailed>): Promise<string> {
  return (await mailed(...asked)).token;
}

/** As {@link mailedToken}, with the id of the mail. */
export async function mailed(
  { app }: RunningApp,
  account: string,
  user_id: string,
  expires = Date.now() + DAY_MS,
): Promise<{ readonly token: string; readonly mail: string }> {
  const [mail_id, token, now] = [newId(), newPasswordToken(account), new Date().toISOString()];
  const times = { now, until: now, expires: new Date(expires).toISOString() };
  const claim = { user_id, mail_id, token_hash: hashPasswordToken(token), ...times };
  const execute = app.get(Execute);
  await execute.run(new RequestMail(account, { user_id, mail_id, kind: 'password_reset' }, system()));
  const { events } = await execute.run(new ClaimMail(account, claim, system()));
  if (events.length === 0) throw new Error('Another mail of that kind is still to be sent');
  await execute.run(new RecordMailSent(account, { user_id, mail_id }, system()));
  return { token, mail: mail_id };
}

function system(): CommandMeta {
  return {
    commandId: randomUUID(),
    requestId: 'test',
    via: 'system',
    actor: { kind: 'system' },
    credential: { kind: 'none' },
  };
}
