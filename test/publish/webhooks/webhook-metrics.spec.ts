import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { type WebhookLag, WebhookMetrics } from '../../../src/publish/webhooks/webhook-metrics.js';

test('a webhook that this instance no longer sends for leaves no series behind', async () => {
  const registry = new Registry();
  let lags: readonly WebhookLag[] = [
    { webhook: 'first', events: 3 },
    { webhook: 'second', events: 0 },
  ];
  const metrics = new WebhookMetrics(registry, () => lags);
  for (const webhook of ['first', 'second']) metrics.count(webhook, true);
  metrics.count('first', false);
  const told = async () =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith('muster_'));
  expect(await told()).toEqual([
    'muster_webhook_attempts_total{webhook="first",outcome="accepted"} 1',
    'muster_webhook_attempts_total{webhook="second",outcome="accepted"} 1',
    'muster_webhook_attempts_total{webhook="first",outcome="failed"} 1',
    'muster_webhook_lag_events{webhook="first"} 3',
    'muster_webhook_lag_events{webhook="second"} 0',
  ]);
  lags = lags.slice(1);
  expect(await told()).toEqual([
    'muster_webhook_attempts_total{webhook="second",outcome="accepted"} 1',
    'muster_webhook_lag_events{webhook="second"} 0',
  ]);
});
