import { describe, expect, it, test } from '@jest/globals';
import { eventCatalogue } from '../../../src/domain/event-catalogue.js';
import { decode } from '../../../src/event-store/codec.js';
import { attemptEventOf } from '../../../src/feed/attempt-event.js';
import { cloudEventOf } from '../../../src/feed/cloud-event.js';
import { eventTypeOf } from '../../../src/feed/event-types.js';
import { type Message, messageOf } from '../../../src/publish/webhooks/message.js';
import { ofLog } from '../../../src/publish/webhooks/profiles/ocsf-kinds.js';
import { ownCloudEvent } from '../../../src/publish/webhooks/own-event.js';
import { files, recordIn } from '../../support/golden.js';
import { faultsOfOcsf, readCef } from '../../support/ocsf.js';
import { faultsBy } from '../../support/schemas.js';
import { attempt } from '../../support/attempt.js';

const base = 'https://muster.example.com';
const events = files.map((file) => cloudEventOf(decode(recordIn(file)), base));
const own = (['WebhookTest', 'WebhookVerified'] as const).map((type) =>
  ownCloudEvent(
    { type, id: 'x' },
    { account: 'acme', webhook: { id: 'w' } },
    base,
    '2026-03-03T14:02:00.000Z',
  ),
);
const tried = [
  attempt({
    outcome: 'failed',
    status: 401,
    code: 'unauthenticated',
    actor: null,
    claimed: { email: 'jane@acme.example' },
  }),
  attempt({
    outcome: 'failed',
    status: 401,
    code: 'unauthenticated',
    actor: null,
    claimed: { email_hash: 'ab12' },
  }),
  attempt({ outcome: 'failed', status: 401, code: 'unauthenticated', actor: null, claimed: null }),
  attempt({
    outcome: 'failed',
    status: 503,
    code: 'unavailable',
    actor: null,
    source: { address: '::1', user_agent: null },
  }),
  attempt({ outcome: 'refused', status: 403, code: 'access_denied' }),
  attempt({ outcome: 'read', status: 200, code: null, route: 'GET /api/v2/audit' }),
].map((one) => attemptEventOf('acme', one, base));
const all = [...events, ...own, ...tried].map((event) => [event.type, event] as const);

const send = (some: readonly object[], form: Partial<Parameters<typeof messageOf>[1]>): Message =>
  messageOf(
    some.map((event) => ({ id: String(Reflect.get(event, 'id')), text: JSON.stringify(event) })),
    { payload: 'full', batch: 1, profile: 'cloudevents', ...form },
    '41',
  );
const ocsf = (event: object, payload: 'full' | 'thin' = 'full') =>
  JSON.parse(send([event], { profile: 'ocsf', payload }).body) as Readonly<Record<string, unknown>>;

test('each event of the log has a class in OCSF that was chosen for it', () => {
  expect(Object.keys(ofLog).sort()).toEqual(Object.keys(eventCatalogue).sort());
});

test('the golden records tell of every event of the catalogue', () => {
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(Object.keys(eventCatalogue)));
});

describe.each(all)('the profile ocsf: %s', (type, event) => {
  it.each(['full', 'thin'] as const)('has what its class in OCSF 1.8.0 requires, %s', (payload) => {
    expect(faultsOfOcsf(ocsf(event, payload))).toEqual([]);
  });

  it('names the event, its account and its place, and has all else that it says in unmapped', () => {
    const { metadata, time, unmapped } = ocsf(event);
    expect(metadata).toMatchObject({
      ...{ version: '1.8.0', product: { name: 'Muster', vendor_name: 'Muster' } },
      ...{ uid: event.id, event_code: type, tenant_uid: event.source.slice('/accounts/'.length) },
      ...('sequence' in event ? { sequence: Number(event.sequence) } : {}),
    });
    expect(time).toBe(Date.parse(event.time));
    expect(unmapped).toMatchObject({
      subject: event.subject,
      dataschema: event.dataschema,
      data: event.data,
      cursor: '41',
    });
  });

  it('is one line of CEF that reads back', () => {
    const { body, headers } = send([event], { profile: 'cef' });
    expect(headers['content-type']).toMatch(/^text\/plain\b/);
    expect(body.split('\n')).toHaveLength(1);
    const { header, extension } = readCef(body);
    expect(header.slice(0, 3)).toEqual(['CEF:0', 'Muster', 'Muster']);
    expect(header[4]).toBe(type);
    expect(header[6]).toMatch(/^(10|\d)$/);
    expect(extension).toMatchObject({
      ...{
        rt: String(Date.parse(event.time)),
        cs1: event.id,
        cs1Label: 'eventId',
        cs2: event.subject,
        cs3: '41',
      },
      cs4:
        JSON.stringify(event.data).slice(0, 3_999) + (JSON.stringify(event.data).length > 4_000 ? '…' : ''),
    });
  });
});

describe('the profile ocsf', () => {
  const named = (type: string) => events.find((event) => event.type === type) ?? {};

  test.each([
    ['UserCreated', 3001, 1],
    ['UserPasswordSet', 3001, 3],
    ['UserDeleted', 3001, 6],
    ['UserLocked', 3001, 9],
    ['UserUnlocked', 3001, 12],
    ['UserSignedIn', 3002, 1],
    ['RoleCreated', 3004, 1],
    ['WebhookDisabled', 3004, 9],
    ['UserAddedToRole', 3005, 1],
    ['UserRemovedFromRole', 3005, 2],
    ['GroupCreated', 3006, 6],
    ['UserAddedToGroup', 3006, 3],
    ['UserRemovedFromGroup', 3006, 4],
    ['GroupDeleted', 3006, 5],
  ])('tells %s as class %i, activity %i', (type, class_uid, activity_id) => {
    expect(ocsf(named(type))).toMatchObject({ class_uid, activity_id, status_id: 1 });
  });

  test('a list of permissions that is empty now revokes', () => {
    const { class_uid, activity_id } = ocsf({
      ...named('UserPermissionsReplaced'),
      data: { user_id: 'u', permissions: [] },
    });
    expect([class_uid, activity_id]).toEqual([3005, 2]);
  });

  test('a sign-in that failed is an Authentication, a refused call an API Activity', () => {
    expect(tried.map((event) => ocsf(event)).map(({ class_uid, status }) => [class_uid, status])).toEqual([
      ...[0, 1, 2].map(() => [3002, 'Failure']),
      ...[0, 1].map(() => [6003, 'Failure']),
      [6003, 'Success'],
    ]);
  });

  test('a thin one has ids, and no name, address or data', () => {
    const text = send([named('UserCreated')], { profile: 'ocsf', payload: 'thin' }).body;
    const { first_name, email } = Reflect.get(named('UserCreated'), 'data') as Record<string, string>;
    for (const personal of [first_name, email]) expect(text).not.toContain(personal);
    expect(JSON.parse(text)).not.toHaveProperty('unmapped.data');
  });
});

describe('a batch', () => {
  const some = events.slice(0, 3);

  test.each([
    ['cloudevents', 'application/x-ndjson'],
    ['ocsf', 'application/x-ndjson'],
    ['cef', 'text/plain; charset=utf-8'],
  ] as const)('of the profile %s is one event a line, with the id of the last', (profile, type) => {
    const { id, body, headers } = send(some, { profile, batch: 10 });
    expect(id).toBe(some[2]?.id);
    expect(headers['content-type']).toBe(type);
    expect(body.split('\n').slice(0, -1)).toEqual(some.map((event) => send([event], { profile }).body));
    expect(body.endsWith('\n')).toBe(true);
  });
});

describe('the profile cloudevents', () => {
  test.each(all)('has %s as the feed has it, with the cursor; a thin one without data', (_, event) => {
    expect(JSON.parse(send([event], {}).body)).toEqual({ ...event, cursor: '41' });
    const { data, ...rest } = event;
    expect(JSON.parse(send([event], { payload: 'thin' }).body)).toEqual({ ...rest, cursor: '41' });
    expect(data).toBeDefined();
  });

  test.each(tried.map((event) => [event.data.outcome, event] as const))(
    'an attempt (%s) has the schema that it names',
    (_, event) => {
      expect(event.dataschema).toBe(`${base}/api/v2/event-types/AttemptRecorded/1`);
      expect(
        faultsBy(eventTypeOf('AttemptRecorded', 1)?.schema ?? {}, JSON.parse(JSON.stringify(event.data))),
      ).toEqual([]);
    },
  );

  test('a text may look like the end of an event', () => {
    const first = Object.fromEntries(Object.entries(events[0] ?? {}).filter(([name]) => name !== 'data'));
    const rest = { ...first, traceparent: 'x","data":{}' };
    const event = { ...rest, data: { text: ',"data":"' } };
    expect(JSON.parse(send([event], { payload: 'thin' }).body)).toEqual({ ...rest, cursor: '41' });
  });
});

test('CEF escapes what would end a field, a key or a line', () => {
  const name = 'a=b|c\\d\r\ne\u2028f';
  const event = { ...events[0], type: 'GroupRenamed', subject: 'groups/g', data: { group_id: 'g', name } };
  const { body } = send([event], { profile: 'cef' });
  expect(body).not.toMatch(/[\r\n\u2028]/);
  expect(body).toContain('to a\\=b|c\\\\d\\r\\ne f ');
  expect(readCef(body).extension['cs4']).toBe(JSON.stringify({ group_id: 'g', name: 'a=b|c\\d\r\ne f' }));
});
