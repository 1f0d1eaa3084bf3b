import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GetUser } from '../../src/read/user.js';
import { ListUsers, type UserFilter } from '../../src/read/users.js';
import { CommandsFor } from '../support/commands.js';
import { runAll } from '../support/execute.js';
import { firstPage, Instance } from '../support/views.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';

const acme = new CommandsFor('acme');
const client = new CommandsFor('client');
let instance: Instance;

beforeAll(async () => {
  instance = await Instance.start(new MemoryEventStore());
  const { execute } = instance;
  await runAll(execute, acme.open(), client.openUnder('acme'));
  const ids = ['bob', 'eve', 'kim', 'lou'];
  await runAll(execute, ...ids.map((id) => acme.createUser(id, { external_id: `X-${id}` })));
  await runAll(execute, client.createUser('client-bob', { email: 'bob@x.example', external_id: 'X-bob' }));
  await runAll(execute, acme.updateUser({ user_id: 'bob', first_name: 'Rob' }), acme.deleteUser('kim'));
});
afterAll(() => instance.stop());

const list = (filter: UserFilter = {}, page = firstPage, account = 'acme') => {
  const { rows, total } = instance.ask(new ListUsers(instance.now(account), filter, page));
  return { ids: rows.map(({ id }) => id), total };
};

describe('The users of an account', () => {
  it('T180 T193: are listed oldest first, changed ones in their place and deleted ones not', () => {
    expect(list()).toEqual({ ids: [acme.admin, 'bob', 'eve', 'lou'], total: 4 });
  });

  it('T194: are paged with the total of the whole list on every page', () => {
    expect(list({}, { limit: 2, offset: 0 })).toEqual({ ids: [acme.admin, 'bob'], total: 4 });
    expect(list({}, { limit: 2, offset: 2 })).toEqual({ ids: ['eve', 'lou'], total: 4 });
    expect(list({}, { limit: 2, offset: 4 })).toEqual({ ids: [], total: 4 });
  });

  it('T033 T184: are those of that account only', () => {
    expect(list({}, firstPage, 'client')).toEqual({ ids: ['client-bob'], total: 1 });
    expect(list({ email: 'bob@x.example' }, firstPage, 'client').ids).toEqual(['client-bob']);
  });

  it.each<[string, UserFilter, string[]]>([
    ['T182: by the whole e-mail address, letter case aside', { email: 'BOB@X.example' }, ['bob']],
    ['T182: not by a part of the address', { email: 'bob@x' }, []],
    ['T183: by the exact external id', { external_id: 'X-eve' }, ['eve']],
    ['T183: with the letter case of the external id', { external_id: 'x-eve' }, []],
    ['T190: by both at once', { email: 'Eve@x.example', external_id: 'X-eve' }, ['eve']],
    ['T190: by both, which must fit', { email: 'bob@x.example', external_id: 'X-eve' }, []],
    ['T191: deleted users not', { email: 'kim@x.example' }, []],
  ])('are found %s', (_, filter, ids) => {
    expect(list(filter)).toEqual({ ids, total: ids.length });
  });

  it('are paged when filtered, too', () => {
    expect(list({ email: 'bob@x.example' }, { limit: 1, offset: 1 })).toEqual({ ids: [], total: 1 });
  });
});

describe('A user', () => {
  it('T208: has the time of creation, which a change leaves as it is', async () => {
    const { created } = instance.ask(new GetUser(instance.now('acme'), 'bob'));
    expect(created).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    await instance.execute.run(acme.updateUser({ user_id: 'bob', external_id: null }));
    const facts = { id: 'bob', first_name: 'Rob', last_name: 'Doe', email: 'bob@x.example' };
    expect(instance.ask(new GetUser(instance.now('acme'), 'bob'))).toEqual({
      ...facts,
      external_id: null,
      created,
      ...{ last_login: null, locked_until: null, locked_since: null },
    });
  });

  it.each(['kim', 'client-bob', 'nobody', 'acme'])(
    'T206: is not found when deleted, elsewhere or none: %s',
    (id) => {
      const error = expect.objectContaining({ code: 'user_not_found' });
      expect(() => instance.ask(new GetUser(instance.now('acme'), id))).toThrow(error);
    },
  );

  it('X74: tells of the last recorded sign-in and how many there were, and of the lock', async () => {
    const { views, execute } = instance;
    await execute.run(acme.by('lou').recordSignIn('lou', 0));
    const { time } = await execute.run(acme.by('lou').recordSignIn('lou', 1));
    await execute.run(acme.lock('lou', '2026-01-31T12:00:00.000Z', '2026-01-31T11:00:00.000Z'));
    await execute.run(acme.updateUser({ user_id: 'lou', first_name: 'Louise' }));
    expect(views.signIns.of({ account: 'acme', id: 'lou' })).toEqual({ last_login: time, sign_ins: 2 });
    const facts = { last_login: time, locked_until: '2026-01-31T12:00:00.000Z' };
    expect(instance.ask(new GetUser(instance.now('acme'), 'lou'))).toMatchObject(facts);
    await execute.run(acme.unlock('lou', '2026-01-31T11:30:00.000Z'));
    expect(instance.ask(new GetUser(instance.now('acme'), 'lou'))).toMatchObject({
      ...facts,
      locked_until: null,
    });
  });

  it('that is none has no sign-ins', () => {
    expect(instance.views.signIns.of({ account: 'acme', id: 'nobody' })).toBeUndefined();
  });
});
