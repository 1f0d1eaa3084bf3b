import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { GetAccount } from '../../src/read/account.js';
import { GetClient } from '../../src/read/client.js';
import { type ClientFilter, ListClients } from '../../src/read/clients.js';
import { CommandsFor } from '../support/commands.js';
import { runAll } from '../support/execute.js';
import { firstPage, Instance } from '../support/views.js';

const [acme, globex] = [new CommandsFor('acme'), new CommandsFor('globex')];
const [a, b, c] = [new CommandsFor('a'), new CommandsFor('b'), new CommandsFor('c')];
let instance: Instance;

beforeAll(async () => {
  instance = await Instance.start(new MemoryEventStore());
  const { execute } = instance;
  await runAll(execute, acme.open(), globex.open('Globex'));
  await runAll(
    execute,
    a.openUnder('acme', { name: 'A', description: 'first', seats: 3, external_id: 'X-a' }),
  );
  await runAll(execute, b.openUnder('acme', { status: 'trial', custom_theme: 'dark' }));
  await runAll(execute, c.openUnder('globex', { external_id: 'X-a' }));
});
afterAll(() => instance.stop());

const clients = (filter: ClientFilter = {}, page = firstPage, account = 'acme') => {
  const { rows, total } = instance.ask(new ListClients(account, filter, page));
  return { ids: rows.map(({ id }) => id), total };
};
const account = (id: string) => instance.ask(new GetAccount(instance.now(id)));
const client = (id: string) => instance.ask(new GetClient(instance.now(id)));

describe('The clients of a company', () => {
  it('are listed oldest first and paged, with the total of the whole list', () => {
    expect(clients()).toEqual({ ids: ['a', 'b'], total: 2 });
    expect(clients({}, { limit: 1, offset: 1 })).toEqual({ ids: ['b'], total: 2 });
    expect(clients({}, firstPage, 'globex')).toEqual({ ids: ['c'], total: 1 });
    expect(clients({}, firstPage, 'a')).toEqual({ ids: [], total: 0 });
  });

  it('are found by external id, by status, and by both', () => {
    expect(clients({ external_id: 'X-a' })).toEqual({ ids: ['a'], total: 1 });
    expect(clients({ status: 'trial' })).toEqual({ ids: ['b'], total: 1 });
    expect(clients({ status: 'trial', external_id: 'X-a' })).toEqual({ ids: [], total: 0 });
    expect(clients({ status: 'active', external_id: 'X-a' })).toEqual({ ids: ['a'], total: 1 });
    expect(clients({ status: 'active' }, { limit: 1, offset: 1 })).toEqual({ ids: [], total: 1 });
  });
});

describe('One account', () => {
  it('has a name, a parent and contacts', async () => {
    const contacts = { super_admin: acme.admin, technical_contact: acme.admin, business_contact: acme.admin };
    expect(account('acme')).toEqual({ id: 'acme', name: 'Acme', parent_id: null, contacts });
    expect(account('a')).toMatchObject({ name: 'A', parent_id: 'acme', contacts: { super_admin: null } });
    await runAll(instance.execute, acme.createUser('bob'));
    await instance.execute.run(acme.update({ name: 'Acme Inc', contacts: { business_contact: 'bob' } }));
    const changed = { ...contacts, business_contact: 'bob' };
    expect(account('acme')).toEqual({ id: 'acme', name: 'Acme Inc', parent_id: null, contacts: changed });
    expect(() => account('none')).toThrow(expect.objectContaining({ code: 'client_not_found' }));
  });

  it('is known by its parent: null for a company, nothing for none', () => {
    const { tree } = instance.views;
    expect(['a', 'acme', 'none', 'bob'].map((id) => tree.parentOf(id))).toEqual([
      'acme',
      null,
      undefined,
      undefined,
    ]);
  });

  it('is shown as a client when it is one', () => {
    const facts = { name: 'A', description: 'first', status: 'active', seats: 3, external_id: 'X-a' };
    const unset = { custom_theme: null, last_sign_in: null, trial_ends: null, direct_billing: false };
    expect(client('a')).toEqual({ id: 'a', ...facts, ...unset });
    expect(client('b')).toMatchObject({
      status: 'trial',
      seats: -1,
      external_id: null,
      custom_theme: 'dark',
    });
    expect(() => client('acme')).toThrow(expect.objectContaining({ code: 'client_not_found' }));
    expect(() => client('none')).toThrow(expect.objectContaining({ code: 'client_not_found' }));
  });
});
