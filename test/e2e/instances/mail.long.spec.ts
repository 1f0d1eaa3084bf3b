import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiClient } from '../../support/api-client.js';
import { SharedLog } from '../../support/instances.js';
import { Mailbox } from '../../support/mailbox.js';
import { addUser, unique } from '../../support/people.js';
import { pause } from '../../support/pause.js';

const USERS = 40;
let mailbox: Mailbox;
let log: SharedLog;
let here: ApiClient;
let there: ApiClient;

beforeAll(async () => {
  mailbox = await Mailbox.start();
  log = await SharedLog.open({ SMTP_URL: mailbox.url });
  const [one, other] = await Promise.all([log.start('here'), log.start('there')]);
  [here, there] = [one.client, other.client];
});
afterAll(async () => {
  await log.close();
  await mailbox.stop();
});

/** The value of a series of one instance, 0 when there is none. */
async function figure(client: ApiClient, series: string): Promise<number> {
  const { text } = await client.request('GET', '/metrics');
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}

test('Two processes on one log send each mail once, whichever was asked for it', async () => {
  const addresses = Array.from({ length: USERS }, () => `${unique('user')}@example.com`);
  const add = (email: string, index: number) =>
    addUser((index % 2 === 0 ? here : there).v1(), { email, send_email: true });
  await Promise.all(addresses.map(add));
  const sum = async (series: string) => (await figure(here, series)) + (await figure(there, series));
  const sent = 'muster_mails_total{kind="welcome",outcome="sent"}';
  while ((await sum('muster_mails_pending')) > 0 || (await sum(sent)) < USERS) await pause();
  expect(mailbox.recipients.sort()).toEqual(addresses.sort());
  expect(new Set(mailbox.received.map(({ mail }) => mail.messageId)).size).toBe(USERS);
  expect(await sum(sent)).toBe(USERS);
  expect(await sum('muster_commands_total{command="RecordMailSent",outcome="done"}')).toBe(USERS);
});
