import { expect, test } from '@jest/globals';
import { Clock } from '../../../src/application/clock.js';
import { SqliteSubscriberLog } from '../../../src/event-store/sqlite.subscriber-log.js';
import { MemoryEventStore } from '../../../src/event-store/memory.event-store.js';
import { Heartbeat } from '../../../src/publish/webhooks/heartbeat.js';
import { LogMarks } from '../../../src/publish/webhooks/log-marks.js';
import { RequestSlots } from '../../../src/publish/webhooks/request-slots.js';
import { WebhookCommands } from '../../../src/publish/webhooks/webhook-commands.js';
import { WebhookSender } from '../../../src/publish/webhooks/webhook-sender.js';
import { pause } from '../../support/pause.js';

const nobody = () => Promise.reject(new Error('Nothing is sent here'));

test('Deliveries are forgotten after thirty days, and connections are closed at a stop', async () => {
  const log = new SqliteSubscriberLog(':memory:');
  const day = 86_400_000;
  const planned = (id: string, days: number) => ({
    ...({ id, time: Date.now() - days * day, status: 'delivered', data: '{}' } as const),
  });
  await log.record('hook', [planned('old', 30.1), planned('young', 29.9)]);
  let closed = 0;
  const close = () => void (closed += 1);
  const parts = {
    ...{ log, clock: new Clock(), attempted: () => undefined },
    ...{ heartbeat: new Heartbeat(log, true), slots: new RequestSlots() },
    marks: new LogMarks(new MemoryEventStore(), { of: () => undefined }),
    webhooks: { all: () => [] },
    lifecycle: { isReady: true, beforeClose: () => undefined },
    transmission: { send: nobody, sendOwn: nobody, close },
    commands: new WebhookCommands({ run: nobody }, { take: () => () => undefined }),
    source: () => {
      throw new Error('There are no webhooks here');
    },
  };
  const sender = new WebhookSender(parts, 1);
  sender.onApplicationBootstrap();
  const ids = async () =>
    (await log.deliveries('hook', { limit: 10, offset: 0 })).deliveries.map(({ id }) => id);
  while ((await ids()).length > 1) await pause();
  expect(await ids()).toEqual(['young']);
  await sender.stop();
  expect(closed).toBe(1);
});
