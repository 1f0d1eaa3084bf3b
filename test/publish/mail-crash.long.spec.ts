import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Views } from '../../src/read/views.js';
import { adminKey } from '../support/api-client.js';
import { RunningApp } from '../support/app.js';
import { Mailbox } from '../support/mailbox.js';
import { DataDirectories, ServiceProcess } from '../support/process.js';
import { withLogIn } from '../support/seeded-log.js';
import { until } from '../support/views.js';

const data = new DataDirectories();
let mailbox: Mailbox;

beforeAll(async () => {
  mailbox = await Mailbox.start();
});
afterEach(() => ServiceProcess.killAll());
afterAll(async () => {
  await mailbox.stop();
  data.remove();
});

describe('A process killed after the server has taken a mail, and before that is recorded', () => {
  test('leaves a mail that the next one sends at once, as the same message, and records once', async () => {
    const directory = data.at('killed');
    await withLogIn(directory, (acme) => acme.mailTo('jane'));
    const settings = { MUSTER_DATA_DIR: directory, SMTP_URL: mailbox.url, MUSTER_ADMIN_API_KEY: adminKey };
    const { service } = await ServiceProcess.start({ ...settings, MUSTER_ADMIN_PASSWORD: 'password' });
    mailbox.refuseMessage = async () => {
      await service.stop('SIGKILL');
      return undefined;
    };
    await mailbox.has(1);
    const before = await withLogIn(directory, (acme) => acme.history('jane'));
    expect(before).toEqual(['MailRequested', 'MailClaimed']);

    mailbox.refuseMessage = () => undefined;
    const again = await RunningApp.start({ ...settings, EVENT_STORE: 'sqlite' }, { sendsMails: true });
    await mailbox.has(2);
    await until(() => again.app.get(Views).mails.count() === 0);
    await again.stop();
    expect(mailbox.recipients).toEqual(['jane@x.example', 'jane@x.example']);
    expect(new Set(mailbox.received.map(({ mail }) => mail.messageId)).size).toBe(1);
    const after = await withLogIn(directory, (acme) => acme.history('jane'));
    expect(after).toEqual([
      ...['MailRequested', 'MailClaimed', 'MailDeferred interrupted', 'MailClaimed', 'MailSent'],
    ]);
  });
});
