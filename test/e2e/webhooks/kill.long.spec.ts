import { randomInt } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { adminKey, ApiClient } from '../../support/api-client.js';
import { DataDirectories, ServiceProcess } from '../../support/process.js';
import { Arrivals, changeGroups, groupEvents } from './arrivals.js';

const KILLS = 3;
const data = new DataDirectories();
const settings = {
  ...{ MUSTER_DATA_DIR: data.at('killed'), WEBHOOK_ALLOW_PRIVATE: 'true' },
  ...{ MUSTER_ADMIN_API_KEY: adminKey, MUSTER_ADMIN_PASSWORD: 'password' },
};
let receivers: readonly Arrivals[];

beforeAll(async () => {
  receivers = await Promise.all(
    (['subject', 'account', 'none'] as const).map((order) => Arrivals.begin(order)),
  );
});
afterEach(() => ServiceProcess.killAll());
afterAll(async () => {
  await Promise.all(receivers.map((receiver) => receiver.stop()));
  data.remove();
});

const start = async () => {
  const { service, url } = await ServiceProcess.start(settings);
  return { service, client: new ApiClient(url) };
};

test('kill -9 at any step of a delivery: nothing is lost, and the order of each webhook is kept', async () => {
  const first = await start();
  for (const receiver of receivers) await receiver.hook(first.client);
  for (let round = 0, running = first; round < KILLS; round++) {
    const [watched] = receivers.slice(round % receivers.length);
    for (const receiver of receivers) if (round === 1 || receiver.order !== 'account') receiver.refusing = 1;
    const kill = watched?.more(randomInt(1, 25)).then(() => running.service.stop('SIGKILL'));
    await Promise.all([changeGroups(running.client), kill]);
    running = await start();
    if (round < KILLS - 1) continue;
    const events = await groupEvents(running.client);
    expect(events.length).toBeGreaterThan(KILLS);
    for (const receiver of receivers) await receiver.whole(events);
  }
});
