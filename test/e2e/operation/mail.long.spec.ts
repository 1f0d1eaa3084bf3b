import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { adminKey } from '../../support/api-client.js';
import { gate } from '../../support/execute.js';
import { Mailbox } from '../../support/mailbox.js';
import { DataDirectories, ServiceProcess } from '../../support/process.js';
import { withLogIn } from '../../support/seeded-log.js';
import { until } from '../../support/views.js';

const data = new DataDirectories();
let made = 0;
let directory = '';
let mailbox: Mailbox;

beforeEach(async () => {
  directory = data.at(`mail-${(made += 1)}`);
  mailbox = await Mailbox.start({
    ...{ disabledCommands: ['STARTTLS'], allowInsecureAuth: true, authOptional: true },
    onAuth: ({ password }, _session, done) => done(null, password === 'quixotic' ? { user: 'u' } : {}),
  });
});
afterEach(async () => {
  await ServiceProcess.killAll();
  await mailbox.stop();
});
afterAll(() => data.remove());

/** Starts the service on a log in which mails were asked for, to users of these names. */
async function startWith(
  users: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<{ service: ServiceProcess; url: string }> {
  await withLogIn(directory, (acme) => acme.mailTo(...users));
  return ServiceProcess.start({
    ...{ MUSTER_DATA_DIR: directory, MUSTER_ADMIN_API_KEY: adminKey, MUSTER_ADMIN_PASSWORD: 'password' },
    ...{ LOG_LEVEL: 'trace', ...settings },
  });
}

const smtp = () => ({ SMTP_URL: `smtp://user:quixotic@127.0.0.1:${mailbox.port}` });
const about = { account: 'acme', kind: 'invitation' };
/** Names, addresses, tokens, passwords, and what the server says. */
const secret = /dulcinea|x\.example|mt_acme_|quixotic|private\.example|welcome/i;

describe('Without SMTP_URL', () => {
  test('mails are files in the outbox, as the log says at the start, and lead to this process', async () => {
    const { service, url } = await startWith(['u1']);
    await service.says('A mail was sent');
    const outbox = join(directory, 'outbox');
    const [file = '', ...more] = readdirSync(outbox);
    expect([file, more]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}\.eml$/), []]);
    const text = readFileSync(join(outbox, file), 'utf8').replaceAll('=\r\n', '').replaceAll('=3D', '=');
    expect(text).toContain(`Message-ID: <${file.replace('.eml', '')}@localhost>`);
    expect(text).toContain('From: Muster <muster@localhost>');
    expect(text).toMatch(new RegExp(`^${url}/password#mt_acme_[\\w-]{43}\r$`, 'm'));
    expect(service.log).toContainEqual(
      expect.objectContaining({
        ...{ level: 'info', message: `Mails are not sent, but written to ${outbox}: SMTP_URL is not set` },
      }),
    );
    expect(await service.stop()).toBe(0);
    expect(service.stdout + service.stderr).not.toMatch(secret);
  });
});

describe('With SMTP_URL', () => {
  test('attempts are told by account, mail, kind and reason, never by a name, an address or a token', async () => {
    mailbox.refuseRecipient = (to) => (to.includes('550') ? 550 : to.includes('451') ? 451 : undefined);
    const { service, url } = await startWith(['u1', 'u550', 'u451'], {
      ...{ ...smtp(), MUSTER_MAIL_FROM: 'Acme <no-reply@acme.example>' },
      MUSTER_PASSWORD_URL: 'https://muster.example/new?t={token}',
    });
    for (const end of ['A mail was sent', 'A mail was given up', 'A mail was not taken'])
      await service.says(end);
    expect(mailbox.received).toMatchObject([{ from: 'no-reply@acme.example', to: ['u1@x.example'] }]);
    expect(mailbox.received[0]?.mail.text).toMatch(/^https:\/\/muster\.example\/new\?t=mt_acme_[\w-]{43}$/m);

    const told = service.log.filter(({ mail_id }) => mail_id !== undefined);
    expect(told).toHaveLength(3);
    expect(told).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...about, level: 'info', message: 'A mail was sent' }),
        expect.objectContaining({
          ...about,
          level: 'error',
          message: 'A mail was given up',
          reason: 'smtp 550',
        }),
        expect.objectContaining({ ...about, level: 'warn', reason: 'smtp 451' }),
      ]),
    );
    expect(service.stdout + service.stderr).not.toMatch(secret);
    expect(service.log).toContainEqual(
      expect.objectContaining({ message: `Mails are sent by way of 127.0.0.1:${mailbox.port}` }),
    );

    const metrics = await (await fetch(`${url}/metrics`)).text();
    for (const outcome of ['sent', 'given_up', 'deferred'])
      expect(metrics).toContain(`muster_mails_total{kind="invitation",outcome="${outcome}"} 1`);
    expect(metrics).toContain('muster_mails_pending 1');
    expect(metrics).not.toMatch(secret);
  });

  test('a stop lets the message under way come to its end, and records that it was sent', async () => {
    const held = gate();
    mailbox.refuseMessage = () => held.opened.then(() => undefined);
    const { service } = await startWith(['u1'], smtp());
    await until(() => mailbox.commands.includes('DATA'));
    service.signal('SIGTERM');
    await service.says('Stopping: SIGTERM');
    held.open();
    expect(await service.ended).toBe(0);
    expect(await withLogIn(directory, (acme) => acme.history('u1'))).toEqual([
      ...['MailRequested', 'MailClaimed', 'MailSent'],
    ]);
  });

  test('a stop does not wait for a server that does not answer', async () => {
    const never = gate();
    mailbox.refuseMessage = () => never.opened.then(() => undefined);
    const { service } = await startWith(['u1'], smtp());
    await until(() => mailbox.commands.includes('DATA'));
    expect(await service.stop()).toBe(0);
    expect(await withLogIn(directory, (acme) => acme.history('u1'))).toEqual([
      ...['MailRequested', 'MailClaimed', 'MailDeferred ETIMEDOUT'],
    ]);
    never.open();
  });
});
