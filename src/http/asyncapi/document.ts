import type { OpenAPIObject } from '@nestjs/swagger';
import { eventMessages, schemaRef } from './event-messages.js';

const FEED = '/api/v2/events';
/** What a page takes and a stream does not. */
const ofPages = ['limit', 'wait'];

const cursor = { type: ['integer', 'string'], description: 'A revision, or an opaque text' } as const;

/** The headers that the Standard Webhooks specification has a request carry, and Muster's own. */
const webhookHeaders = {
  type: 'object',
  properties: {
    'webhook-id': { type: 'string', description: 'The `id` of the event; the same on every repeat' },
    'webhook-timestamp': { type: 'string', description: 'When the attempt was made, in seconds' },
    'webhook-signature': {
      type: 'string',
      description:
        'Signatures `v1,…` and `v1a,…`, separated by blanks; two of each for a day after a rotation',
    },
    'muster-revision': { type: 'string', description: '`<account>@<revision>`, for an event of the log' },
  },
  required: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
};

/**
 * The description of everything that subscribers are sent, in AsyncAPI 3.1.
 * @param openapi the description of the routes, which has the parameters of the feed
 * @param base address of the service, without a slash at the end
 */
export function describeEvents(openapi: OpenAPIObject, base: string): object {
  const { schemas, messages, inFeed, inWebhooks } = eventMessages(base);
  const refs = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));
  const service = [{ $ref: '#/servers/service' }];
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'Muster',
      version: openapi.info.version,
      description:
        'What happens in the accounts of a directory, for those who follow it: in pages, as a stream, or sent to them. ' +
        'Each event has the same form on all three ways. The routes themselves are in /openapi.json.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    defaultContentType: 'application/json',
    servers: { service: serverAt(base) },
    channels: {
      feed: {
        address: FEED,
        title: 'Feed',
        description: 'The events of an account in order, in pages. `next` is the `after` of the next page.',
        servers: service,
        messages: refs(['Page']),
      },
      stream: {
        address: FEED,
        title: 'Stream',
        description:
          'With `Accept: text/event-stream`: each event as a server-sent event. `id` is the cursor, `event` the type, ' +
          '`data` the event. `Last-Event-ID` goes on after it.',
        servers: service,
        messages: refs([...inFeed, 'position']),
      },
      webhook: {
        address: null,
        title: 'Webhook',
        description:
          'POST to the `url` of a webhook, signed as the Standard Webhooks specification 1.0.0 says. A receiver accepts ' +
          'with a status of 2xx. With `payload` thin the event has no `data`. With `batch` above 1 a request has an event on ' +
          'each line (application/x-ndjson). With another `profile` than cloudevents it carries the events of that format.',
        messages: refs(inWebhooks),
      },
    },
    operations: {
      readFeed: operationOn('feed', 'GET', 'Read the events of an account in order', feedQuery(openapi, [])),
      followStream: operationOn('stream', 'GET', 'Follow the events', feedQuery(openapi, ofPages)),
      sendWebhook: operationOn('webhook', 'POST', 'Send the events that a webhook wants'),
    },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'An API key' } },
      messageTraits: {
        webhook: { contentType: 'application/cloudevents+json', headers: webhookHeaders },
      },
      messages: {
        Page: { name: 'Page', title: 'A page of the feed', payload: pageSchema },
        position: {
          name: 'position',
          title: 'How far a stream has come where a filter lets nothing through',
          payload: { type: 'object', properties: { cursor }, required: ['cursor'] },
        },
        ...messages,
      },
      schemas,
    },
  };
}

const pageSchema = {
  type: 'object',
  properties: { events: { type: 'array', items: schemaRef('AnyEvent') }, next: cursor },
  required: ['events', 'next'],
};

function serverAt(base: string): object {
  const { host, protocol, pathname } = new URL(base);
  return {
    host,
    protocol: protocol.replace(':', ''),
    ...(pathname === '/' ? {} : { pathname }),
    security: [{ $ref: '#/components/securitySchemes/bearer' }],
  };
}

function operationOn(channel: string, method: string, summary: string, query?: object): object {
  return {
    ...{ action: 'send', channel: { $ref: `#/channels/${channel}` }, summary },
    bindings: { http: { method, ...(query ? { query } : {}), bindingVersion: '0.3.0' } },
  };
}

/** The parameters of the feed, as OpenAPI has them. */
function feedQuery({ paths }: OpenAPIObject, except: readonly string[]): object {
  const parameters = paths[FEED]?.get?.parameters ?? [];
  const properties = parameters.flatMap((one) =>
    'in' in one && one.in === 'query' && !except.includes(one.name)
      ? [[one.name, { ...one.schema, description: one.description }] as const]
      : [],
  );
  return { type: 'object', properties: Object.fromEntries(properties) };
}
