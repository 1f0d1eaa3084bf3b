import { afterAll, expect, test } from '@jest/globals';
import { hashApiKey, newApiKey } from '../../src/application/secrets.js';
import { IssueApiKey } from '../../src/domain/api-key.js';
import { openLog } from '../../src/event-store/opened-log.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { type Answer, ApiClient, pick } from '../support/api-client.js';
import { CommandsFor } from '../support/commands.js';
import { write } from '../support/audit.js';
import { executeOn, recordsOf } from '../support/execute.js';
import { DataDirectories, ServiceProcess } from '../support/process.js';
import { Receiver } from '../support/receiver.js';
import { pause } from '../support/pause.js';

/** In this heap the names of the groups, which are some 100 MB in memory, end a process that loads them all. */
const [HEAP_MB, GROUPS, NAMES] = [112, 40, 64_000];

const directories = new DataDirectories();
const directory = directories.at('attacked');
const receiver = await Receiver.start();
afterAll(async () => {
  await ServiceProcess.killAll();
  await receiver.stop();
  directories.remove();
});

const [acme, globex] = [new CommandsFor('acme'), new CommandsFor('globex')];
/** The last revision of the account before it grew. */
let before = 0;
const keys = { acme: newApiKey('acme'), globex: newApiKey('globex') };

async function inLog<Result>(work: (store: EventStore) => Promise<Result>): Promise<Result> {
  const store = openLog({ type: 'sqlite', directory }, '', false);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const start = async () => {
  const { service, url } = await ServiceProcess.start({
    ...{ MUSTER_DATA_DIR: directory, NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}`, LOG_LEVEL: 'info' },
    ...{ MUSTER_SECRET: 'the-secret-of-tests-0123456789abcdef', WEBHOOK_ALLOW_PRIVATE: 'true' },
  });
  return { service, client: new ApiClient(url) };
};

type Service = Awaited<ReturnType<typeof start>>;

/** Two companies with a key each; one has a webhook. */
async function open(): Promise<void> {
  await inLog(async (store) => {
    const execute = executeOn(store);
    for (const [account, key] of [
      [acme, keys.acme],
      [globex, keys.globex],
    ] as const) {
      await execute.run(account.open());
      const issued = account.issueKey(account.admin, `${account.account}-real`);
      await execute.run(
        new IssueApiKey(issued.account, { ...issued.data, key_hash: hashApiKey(key) }, issued.meta),
      );
      await execute.run(account.createUser(`${account.account}-bob`));
    }
  });
  const { service, client } = await start();
  const webhook = await client.v2(keys.acme)('POST', '/webhooks', { url: receiver.url });
  expect([webhook.status, webhook.text]).toEqual([201, expect.any(String)]);
  await service.stop();
}

/** The log as a version without limits has let it grow: large groups, a member of all, and a mail that waits. */
async function grow(): Promise<void> {
  await inLog(async (store) => {
    await executeOn(store).run(acme.requestMail('acme-bob', 'acme-mail', 'invitation'));
    const { length } = await recordsOf(store, 'acme');
    before = length - 1;
    const permissions = Array.from({ length: NAMES }, (_, name) => name.toString(36));
    for (let n = 0; n < GROUPS; n += 1) {
      const facts = { name: `large ${n}`, description: '', external_id: null, permissions };
      const member = { user_id: 'acme-bob', group_id: `large-${n}`, can_edit: false };
      await write(store, 'acme', before + n * 2, [
        { type: 'GroupCreated', data: { group_id: `large-${n}`, ...facts } },
        { type: 'UserAddedToGroup', data: member },
      ]);
    }
  });
}

/** What the other company does goes on, and is not slow because of it. */
async function expectOthersServed({ client }: Service, name: string): Promise<void> {
  const created = await client.v2(keys.globex)('POST', '/groups', { name, permissions: ['a.read'] });
  expect(created.status).toBe(201);
  expect((await client.v1(keys.globex)('GET', '/profile?full=true')).status).toBe(200);
}

/** Everything of the account is read, or refused by an error of its own. */
async function expectAccountReadable({ client }: Service): Promise<void> {
  const [v1, v2] = [client.v1(keys.acme), client.v2(keys.acme)];
  const status = async (asked: Promise<Answer>) => (await asked).status;
  expect(await status(v1('GET', '/profile?full=true'))).toBe(200);
  expect(await status(v1('GET', '/users?include_groups=true'))).toBe(200);
  expect(pick(await v2('GET', '/groups/large-0'), 'permissions')).toHaveLength(NAMES);
  const groups = (await v2('GET', '/groups')).body as { permissions: unknown; permissions_total?: number }[];
  expect(groups.filter(({ permissions }) => permissions === null).length).toBeGreaterThan(0);
  const held = await v2('GET', '/users/acme-bob/effective-permissions');
  expect([held.status, pick(held, 'code')]).toEqual([409, 'answer_too_large']);
  const then = await v2('GET', `/users/acme-bob/effective-permissions?as_of=${before}`);
  expect([then.status, then.body]).toEqual([200, []]);
  const events = await v2('GET', '/events?limit=1000');
  expect(events.status).toBe(200);
  expect(Buffer.byteLength(events.text)).toBeLessThan(8 * 1024 * 1024);
  const write = await v1('PUT', '/groups/large-0', { name: 'Renamed' });
  expect([write.status, pick(write, 'meta', 'error_code')]).toEqual([503, 'account_too_large']);
}

test('X87 an account that is too large by an older log ends no process, and takes nothing from the others', async () => {
  await open();
  await grow();
  let running = await start();
  // The mail that waits for this account is put off.
  await running.service.says('acme');
  await expectOthersServed(running, 'One');
  await expectAccountReadable(running);
  await expectOthersServed(running, 'Two');
  await receiver.until(() => receiver.requests.length > 2);

  expect(await running.service.stop()).toBe(0);
  running = await start();
  await expectOthersServed(running, 'Three');
  await expectAccountReadable(running);
  // Its audit log needs the account as it was at each event.
  const audit = () => running.client.v2(keys.acme)('GET', '/audit?limit=1000');
  let page = await audit();
  for (; pick(page, 'code') === 'unavailable'; page = await audit()) await pause();
  expect([page.status, pick(page, 'code')]).toEqual([503, 'account_too_large']);
  await expectOthersServed(running, 'Four');

  const names = Array.from({ length: NAMES }, (_, name) => name.toString(36));
  const refused = await running.client.v2(keys.globex)('POST', '/groups', {
    name: 'Large',
    permissions: names,
  });
  expect([refused.status, pick(refused, 'code')]).toEqual([400, 'too_many']);
  expect(await running.service.stop()).toBe(0);
}, 240_000);
