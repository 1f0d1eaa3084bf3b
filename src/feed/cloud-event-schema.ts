import { type Fields, type JsonSchema, moment, text, word } from '../domain/shape.js';
import type { CloudEvent } from './cloud-event.js';

/** What JSON Schema says of the fields of every event. Those that are absent at times are not required. */
const fields: Fields<Required<CloudEvent>> = {
  specversion: word(['1.0']),
  id: { ...text, description: '`<account>/<revision>`; the same on every repeat' },
  source: { ...text, description: '`/accounts/<account>`' },
  type: text,
  subject: {
    ...text,
    description:
      'What the event is about: `users/<id>`, `groups/<id>` …; `accounts/<id>` for the account itself',
  },
  time: moment,
  datacontenttype: word(['application/json']),
  dataschema: { ...text, format: 'uri', description: 'The JSON Schema of `data`' },
  sequence: { ...text, pattern: '^\\d{16}$', description: 'The revision, with zeros before it' },
  authtype: word(['app_user', 'system']),
  authid: { ...text, description: 'Id of the user; `operator` or `system` for these two' },
  credentialid: { ...text, description: 'Id of the API key, or of the mail that the token stood in' },
  correlationid: { ...text, description: 'Id of the command: all its events have it' },
  causationid: { ...text, description: '`<account>/<revision>` of the event that is reverted' },
  traceparent: { ...text, description: 'W3C Trace Context of the request' },
  data: { type: 'object' },
};
const mayBeAbsent: readonly string[] = ['credentialid', 'causationid', 'traceparent', 'data'];

/** The JSON Schema of any event of the log. `data` is not required: thin webhooks leave it out. */
export const cloudEventSchema: JsonSchema = schemaOf(fields, mayBeAbsent);

/** What only an event of the log has. */
const ofLog: readonly string[] = ['sequence', 'correlationid'];
const ofAll = Object.fromEntries(Object.entries(fields).filter(([name]) => !ofLog.includes(name)));

/** The same for an event that only webhooks carry: it has no place in the log. What was tried may have no known caller. */
export const ownCloudEventSchema: JsonSchema = schemaOf(
  { ...ofAll, authtype: word(['app_user', 'system', 'unauthenticated']) },
  [...mayBeAbsent, 'authid'],
);

function schemaOf(properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[]): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required };
}
