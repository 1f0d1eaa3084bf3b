import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { ListApiKeys } from '../../src/read/api-keys.js';
import type { PageRequest } from '../../src/read/page.js';
import { CommandsFor } from '../support/commands.js';
import { runAll } from '../support/execute.js';
import { Instance } from '../support/views.js';

const acme = new CommandsFor('acme');
const globex = new CommandsFor('globex');
let instance: Instance;

beforeAll(async () => {
  instance = await Instance.start(new MemoryEventStore());
  const { execute } = instance;
  await runAll(execute, acme.open(), globex.open());
  await runAll(execute, acme.createUser('bob', { email: 'Bob@x.example', password_hash: 'one' }));
  await runAll(execute, globex.createUser('rob', { email: 'bob@x.example', password_hash: 'two' }));
  await runAll(execute, acme.createUser('eve'), acme.issueKey('bob', 'k1'), acme.issueKey('bob', 'k2'));
});
afterAll(() => instance.stop());

const byEmail = (email: string) => instance.views.credentials.byEmail(email);
const byKey = (hash: string) => instance.views.credentials.byKeyHash(hash);
const listOf = (user: string, page: PageRequest = { limit: 100, offset: 0 }) =>
  instance.ask(new ListApiKeys(instance.now('acme'), user, page));
const keysOf = (user: string) => listOf(user).rows.map(({ id }) => id);

describe('Passwords', () => {
  it('T223: are found by e-mail address, letter case aside, in every account', () => {
    expect(byEmail('BOB@x.example')).toEqual([
      { id: 'bob', account: 'acme', password_hash: 'one', locked_until: null, locked_since: null },
      { id: 'rob', account: 'globex', password_hash: 'two', locked_until: null, locked_since: null },
    ]);
  });

  it('are none for a user without one', () => {
    expect(byEmail('eve@x.example')).toEqual([]);
  });

  it('follow the address and end with the user', async () => {
    await instance.execute.run(globex.updateUser({ user_id: 'rob', email: 'rob@x.example' }));
    expect(byEmail('bob@x.example').map(({ id }) => id)).toEqual(['bob']);
    expect(byEmail('rob@x.example').map(({ id }) => id)).toEqual(['rob']);
    await instance.execute.run(globex.deleteUser('rob'));
    expect(byEmail('rob@x.example')).toEqual([]);
  });
});

describe('API keys', () => {
  it('are found by their hash', () => {
    const unlimited = { account: 'acme', limitedBy: [] };
    expect(byKey('k1-hash')).toEqual({ id: 'bob', key: 'k1', ...unlimited });
    expect(byKey(`${acme.admin}-key-hash`)).toEqual({
      ...{ id: acme.admin, key: `${acme.admin}-key`, ...unlimited },
    });
    expect(byKey('no-hash')).toBeUndefined();
  });

  it('are listed per user without any secret', () => {
    expect(keysOf('bob')).toEqual(['k1', 'k2']);
    expect(listOf('bob').rows[0]).toEqual({
      ...{ id: 'k1', name: 'laptop', created: expect.stringMatching(/Z$/), issued_by: null },
    });
    expect(() => keysOf('rob')).toThrow(expect.objectContaining({ code: 'user_not_found' }));
  });

  it('are listed by the page, with their number', () => {
    const { rows, total } = listOf('bob', { limit: 1, offset: 1 });
    expect([rows.map(({ id }) => id), total]).toEqual([['k2'], 2]);
    expect(listOf('bob', { limit: 1, offset: 2 })).toEqual({ rows: [], total: 2 });
  });

  it('X97: tell who made them, and who limits them', async () => {
    await instance.execute.run(acme.by(acme.admin).issueKey('eve', 'k3'));
    const limitedBy = [{ user_id: acme.admin, account: 'acme' }];
    expect(byKey('k3-hash')).toEqual({ id: 'eve', key: 'k3', account: 'acme', limitedBy });
    expect(listOf('eve').rows[0]?.issued_by).toBe(acme.admin);
  });

  it('end when they are revoked, and with their user', async () => {
    await instance.execute.run(acme.revokeKey('bob', 'k1'));
    expect([byKey('k1-hash'), keysOf('bob')]).toEqual([undefined, ['k2']]);
    await instance.execute.run(acme.deleteUser('bob'));
    expect(byKey('k2-hash')).toBeUndefined();
  });
});
