import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hashPassword } from '../../../src/application/secrets.js';
import type { DomainEvent } from '../../../src/domain/aggregates.js';
import { RunningApp } from '../../support/app.js';
import { pick } from '../../support/api-client.js';
import { group, permitted, role, user } from '../../support/domain.js';
import { DataDirectories } from '../../support/process.js';
import { expectRefusal, ids } from '../v1/expectations.js';
import { writeAccount } from './old-log.js';

const data = new DataDirectories();
const GHOST = '\u200b\u2060';
const SHY = 'jane@exam\u00adple.com';
let app: RunningApp;

beforeAll(async () => {
  const [plain, ascii] = ['zoe@bücher.example', 'zoe@xn--bcher-kva.example'];
  const more: DomainEvent[] = [
    user('jane', { first_name: GHOST, last_name: 'a\u2028b', email: SHY, external_id: ' hr-7 ' }),
    { type: 'UserPasswordSet', data: { user_id: 'jane', password_hash: await hashPassword('old-password') } },
    ...[user('one', { email: plain }), user('other', { email: ascii })],
    ...[role('r', '*', 'a'), group('g', { permissions: ['*', 'b'] }), permitted('jane', '*', ' c ')],
    { type: 'UserAddedToRole', data: { user_id: 'jane', role_id: 'r' } },
    { type: 'UserAddedToGroup', data: { user_id: 'jane', group_id: 'g', can_edit: false } },
  ];
  await writeAccount(data.at('old'), user('admin'), more);
  app = await RunningApp.start({
    ...{ EVENT_STORE: 'sqlite', MUSTER_DATA_DIR: data.at('old'), MUSTER_STREAM_PREFIX: '' },
  });
});
afterAll(async () => {
  await app.stop();
  data.remove();
});

describe('X83 X84 X85: what an older log holds', () => {
  const v1: ReturnType<RunningApp['v1']> = (...parameters) => app.v1('old-key')(...parameters);

  it('is shown, found and signs in as ever, and may be sent again', async () => {
    const shown = await v1('GET', '/users/jane');
    const facts = { first_name: GHOST, last_name: 'a\u2028b', email: SHY, external_id: ' hr-7 ' };
    expect(shown.body).toMatchObject({ data: facts });
    expect(ids(await v1('GET', `/users?email=${encodeURIComponent(SHY)}`), 'users')).toEqual(['jane']);
    const authorization = `Basic ${Buffer.from(`${SHY}:old-password`).toString('base64')}`;
    const profile = await app.request('GET', '/api/1.0/profile', { headers: { authorization } });
    expect(pick(profile, 'data', 'email')).toBe(SHY);
    expect((await v1('PUT', '/users/jane', facts)).status).toBe(200);
    expectRefusal(await v1('PUT', '/users/jane', { email: `x${SHY}` }), 400, 'invalid_email');
  });

  it('has an address in two forms: both users are found by either, and nobody else gets it', async () => {
    for (const email of ['zoe@bücher.example', 'ZOE@xn--bcher-kva.example']) {
      const answer = await v1('GET', `/users?email=${encodeURIComponent(email)}`);
      expect(ids(answer, 'users')).toEqual(['one', 'other']);
      expectRefusal(await v1('PUT', '/users/jane', { email: email.toLowerCase() }), 409, 'email_in_use');
    }
  });

  it('X86: has * among permissions, which allows nothing and is not shown', async () => {
    const v2 = app.v2('old-key');
    expect(pick(await v1('GET', '/roles/r/permissions'), 'data', 'permissions')).toEqual(['a']);
    expect(pick(await v2('GET', '/groups/g'), 'permissions')).toEqual(['b']);
    expect(pick(await v2('GET', '/users/jane/permissions'), 'permissions')).toEqual([' c ']);
    const { body } = await v2('GET', '/users/jane/effective-permissions');
    expect((body as { permission: string }[]).map(({ permission }) => permission)).toEqual(['a', 'b', ' c ']);
    const answer = await v2('PATCH', '/groups/g', { permissions: ['b'] });
    expect([answer.status, pick(answer, 'permissions')]).toEqual([200, ['b']]);
  });
});
