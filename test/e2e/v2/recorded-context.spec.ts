import { describe, expect, it } from '@jest/globals';
import { accountStream } from '../../../src/event-store/codec.js';
import { EVENT_STORE, type EventStore } from '../../../src/event-store/event-store.js';
import { Projector } from '../../../src/read/projector.js';
import { type Answer, type Options, pick } from '../../support/api-client.js';
import { mailed } from '../../support/password-tokens.js';
import { addGroup, addPerson, addUser, openCompany, startService, unique } from '../../support/people.js';

const app = await startService();
const company = await openCompany(app);
const { admin } = company;
const projector = app.app.get(Projector);
const store = app.app.get<EventStore>(EVENT_STORE);

/** Does something and tells the metadata of what that recorded. */
async function metadataAfter(act: () => Promise<Answer>): Promise<Record<string, unknown>[]> {
  const from = projector.revisionOf(company.id);
  await act();
  const recorded: Record<string, unknown>[] = [];
  for await (const page of store.readStream(accountStream(company.id), from))
    for (const { metadata } of page) recorded.push(JSON.parse(metadata) as Record<string, unknown>);
  return recorded;
}

const reason = (text: string): Options => ({ headers: { 'muster-reason': text } });
const newGroup = (options: Options) =>
  admin.v2('POST', '/groups', { name: unique('Group'), permissions: [] }, options);

describe('The reason of a write, in Muster-Reason', () => {
  it('is recorded with each event of the command, by v1 and v2 alike', async () => {
    const email = `${unique('jane')}@example.com`;
    const facts = {
      first_name: 'Jane',
      last_name: 'Doe',
      email,
      roles: ['a0000000000000000000000000000003'],
    };
    const byV1 = await metadataAfter(() => admin.v1('POST', '/users', facts, reason('Ticket 812')));
    expect(byV1.map((metadata) => metadata['reason'])).toEqual(['Ticket 812', 'Ticket 812']);
    const [byV2] = await metadataAfter(() => newGroup(reason('Ticket 813')));
    expect(byV2).toMatchObject({ reason: 'Ticket 813', via: 'v2' });
  });

  it.each([
    ['Caf%C3%A9 %E2%9C%93', 'Café ✓'],
    ['100%25 sure + more', '100% sure + more'],
    ['%F0%9F%98%80'.repeat(500), '😀'.repeat(500)],
    ['a', 'a'],
  ])('is percent-decoded: %.30s', async (sent, meant) =>
    expect((await metadataAfter(() => newGroup(reason(sent))))[0]?.['reason']).toBe(meant),
  );

  it.each([
    ['a percent sign without two hexadecimal digits', '100% sure'],
    ['bytes that are no UTF-8', '%C3%28'],
    ['a byte above 7E', 'Caf\u00e9'],
    ['a control character', 'a\tb'],
    ['an encoded control character', 'a%07b'],
    ['an encoded line break', 'a%0Ab'],
    ['a character that turns the direction', 'a%E2%80%AEb'],
    ['blanks alone', '%20%20'],
    ['nothing', ''],
    ['more than 500 characters', '%C3%A9'.repeat(501)],
  ])('is refused with bad_reason for %s, and nothing is done', async (_, sent) => {
    const done = await metadataAfter(async () => {
      const byV2 = await newGroup(reason(sent));
      expect([byV2.status, pick(byV2, 'code')]).toEqual([400, 'bad_reason']);
      const byV1 = await admin.v1('POST', '/groups', { name: unique('Group') }, reason(sent));
      expect([byV1.status, pick(byV1, 'meta', 'error_code')]).toEqual([400, 'bad_reason']);
      return byV1;
    });
    expect(done).toEqual([]);
  });

  it('is ignored by what only reads', async () => {
    for (const path of ['/groups', '/account']) {
      expect((await admin.v2('GET', path, undefined, reason('100% wrong'))).status).toBe(200);
      expect((await admin.v2('HEAD', path, undefined, reason('100% wrong'))).status).toBe(200);
    }
  });

  it('is judged after the credential and the permission', async () => {
    const guest = await addPerson(app, admin, []);
    const group = await addGroup(admin.v1);
    const [wrong, call] = [reason('%'), app.v2('mk_no-such-key')];
    expect((await call('DELETE', `/groups/${group}`, undefined, wrong)).status).toBe(401);
    expect((await guest.v2('DELETE', `/groups/${group}`, undefined, wrong)).status).toBe(403);
    expect((await admin.v2('DELETE', `/groups/${group}`, undefined, wrong)).status).toBe(400);
    expect((await admin.v2('GET', `/groups/${group}`)).status).toBe(200);
  });
});

describe('What is recorded of the caller', () => {
  it('is the id of the API key, and that a user did it', async () => {
    const [metadata] = await metadataAfter(() => newGroup({}));
    const keys = await admin.v2('GET', `/users/${admin.id}/keys`);
    expect(metadata).toMatchObject({
      metadata_v: 2,
      actor: { kind: 'user', id: admin.id },
      credential: { kind: 'api_key', id: pick(keys, 0, 'id') },
    });
    expect(JSON.stringify(metadata)).not.toContain(admin.key);
    expect(metadata).not.toHaveProperty('reason');
  });

  it('is that a password was sent, for Basic', async () => {
    const jane = { email: `${unique('jane')}@example.com`, password: 'open sesame' };
    const roles = ['a0000000000000000000000000000001'];
    await admin.v1('POST', '/users', { first_name: 'Jane', last_name: 'Doe', ...jane, roles });
    const authorization = `Basic ${Buffer.from(`${jane.email}:${jane.password}`).toString('base64')}`;
    const body = { name: unique('Group') };
    const recorded = await metadataAfter(() =>
      app.request('POST', '/api/1.0/groups', { body, headers: { authorization } }),
    );
    expect(recorded[0]).toMatchObject({ credential: { kind: 'password' }, actor: { kind: 'user' } });
  });

  it('is the key of the operator, for a company', async () => {
    const { id } = await openCompany(app);
    for await (const page of store.readStream(accountStream(id), -1))
      expect(JSON.parse(page[0]?.metadata ?? '')).toMatchObject({
        credential: { kind: 'operator_key' },
        actor: { kind: 'operator', id: 'operator' },
      });
  });

  it('is the mail of the token that a password was set by', async () => {
    const jane = await addUser(admin.v1);
    const { token, mail } = await mailed(app, company.id, jane);
    const [metadata] = await metadataAfter(() =>
      app.request('POST', '/api/v2/password', { body: { token, password: 'new-password' } }),
    );
    expect(metadata).toMatchObject({
      credential: { kind: 'mail_token', id: mail },
      actor: { kind: 'user', id: jane },
    });
  });

  const trace = '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  it.each([
    [`00-${trace}`, `00-${trace}`],
    [`cc-${trace}-what-the-future-brings`, `cc-${trace}-what-the-future-brings`],
    [`00-${trace}-more`, undefined],
    [`ff-${trace}`, undefined],
    [`00-${trace.toUpperCase()}`, undefined],
    [`00-${trace.replace(/^\w+/, '0'.repeat(32))}`, undefined],
    [`00-${trace.replace('00f067aa0ba902b7', '0'.repeat(16))}`, undefined],
    ['nonsense', undefined],
  ])('is the traceparent %s as %s: one that is not valid is ignored', async (sent, recorded) => {
    const [metadata] = await metadataAfter(() => newGroup({ headers: { traceparent: sent } }));
    expect(metadata?.['traceparent']).toBe(recorded);
  });

  it('is nothing else: neither address nor user agent', async () => {
    const [metadata] = await metadataAfter(() => newGroup({ headers: { 'user-agent': 'curious/1.0' } }));
    expect(JSON.stringify(metadata)).not.toMatch(/curious|127\.0\.0\.1|::1/);
  });
});
