import { describe, expect, it } from '@jest/globals';
import { decode } from '../../src/event-store/codec.js';
import { attemptEventOf } from '../../src/feed/attempt-event.js';
import { cloudEventOf } from '../../src/feed/cloud-event.js';
import { eventTypes } from '../../src/feed/event-types.js';
import { describeEvents } from '../../src/http/asyncapi/document.js';
import { type AsyncApi, faultsOfMessage } from '../support/async-api.js';
import { attempt } from '../support/attempt.js';
import { files, recordIn } from '../support/golden.js';

const base = 'https://muster.example.com/below';
const document = describeEvents(
  { openapi: '3.0.0', info: { title: 'Muster', version: '1' }, paths: {} },
  base,
) as AsyncApi;
const namesIn = (channel: string) => Object.keys(document.channels[channel]?.messages ?? {});

describe('The AsyncAPI document', () => {
  it('has every type of event as a message of the stream and of webhooks, by the schema of /event-types', () => {
    const names = eventTypes.map(({ type }) => type);
    const ofWebhooks = ['AttemptRecorded', 'WebhookTest', 'WebhookVerified'];
    const ofLog = names.filter((name) => !ofWebhooks.includes(name));
    expect(ofLog.length).toBe(names.length - ofWebhooks.length);
    expect(namesIn('stream')).toEqual([...ofLog, 'position']);
    expect(namesIn('webhook')).toEqual(names.map((name) => `${name}Webhook`));
    for (const { type, schema } of eventTypes)
      expect({ ...document.components.schemas[type], $schema: schema['$schema'] }).toEqual(schema);
  });

  it.each(files)(
    'describes the CloudEvent of %s, in the stream and sent to a webhook, full or thin',
    (file) => {
      const event = cloudEventOf(decode(recordIn(file)), base);
      const thin = Object.fromEntries(Object.entries(event).filter(([name]) => name !== 'data'));
      const sent = { ...event, cursor: '7' };
      expect(faultsOfMessage(document, event.type, event)).toEqual([]);
      expect(faultsOfMessage(document, event.type, thin)).not.toEqual([]);
      expect(faultsOfMessage(document, event.type, { ...event, data: { more: 1 } })).not.toEqual([]);
      expect(faultsOfMessage(document, `${event.type}Webhook`, sent)).toEqual([]);
      expect(faultsOfMessage(document, `${event.type}Webhook`, { ...thin, cursor: '7' })).toEqual([]);
      expect(faultsOfMessage(document, `${event.type}Webhook`, event)).not.toEqual([]);
      expect(faultsOfMessage(document, 'Page', { events: [event], next: 8 })).toEqual([]);
      expect(faultsOfMessage(document, 'Page', { events: [sent, thin], next: 8 })).not.toEqual([]);
    },
  );

  it.each([
    ['of somebody', attempt()],
    ['of nobody who is known', attempt({ actor: null, claimed: { email: 'jane@example.com' } })],
  ])('describes an attempt %s as webhooks carry it', (_, tried) => {
    const sent = { ...attemptEventOf('acme', tried, base), cursor: '7' };
    expect(faultsOfMessage(document, 'AttemptRecordedWebhook', sent)).toEqual([]);
    expect(faultsOfMessage(document, 'AttemptRecordedWebhook', { ...sent, data: {} })).not.toEqual([]);
  });

  it('names the service by its address, and by the path below which it is', () => {
    expect(document).toMatchObject({
      servers: { service: { host: 'muster.example.com', pathname: '/below', protocol: 'https' } },
    });
  });
});
