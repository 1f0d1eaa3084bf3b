import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Command } from '../../src/domain/aggregates.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { GetAccount } from '../../src/read/account.js';
import { ListClientResources } from '../../src/read/client-resources.js';
import { GetClientSettings } from '../../src/read/client-settings.js';
import { GetClient } from '../../src/read/client.js';
import { ListClients } from '../../src/read/clients.js';
import { CommandsFor } from '../support/commands.js';
import { recordsOf, runAll } from '../support/execute.js';
import { dump, firstPage, Instance, rebuilt } from '../support/views.js';

const [acme, globex] = [new CommandsFor('acme'), new CommandsFor('globex')];
let store: MemoryEventStore;
let instance: Instance;

beforeEach(async () => {
  store = new MemoryEventStore();
  instance = await Instance.start(store);
  await runAll(instance.execute, acme.open(), globex.openUnder('acme', { status: 'trial', seats: 3 }));
});
afterEach(async () => {
  const live = dump(instance.views);
  await instance.stop();
  expect(await rebuilt(store)).toEqual(live);
});

const run = (...commands: Command[]) => runAll(instance.execute, ...commands);
const client = () => instance.ask(new GetClient(instance.now('globex')));
const clients = () => instance.ask(new ListClients('acme', {}, firstPage));
const resources = () => instance.ask(new ListClientResources(instance.now('globex')));
const settings = () => instance.ask(new GetClientSettings(instance.now('globex')));
const notFound = expect.objectContaining({ code: 'client_not_found' });

describe('A client', () => {
  it('T408: shows every fact as it is now, alone and in the list', async () => {
    const facts = { name: 'Initech', description: 'New', status: 'active', seats: 1 } as const;
    const more = { external_id: 'crm-2', custom_theme: 'dark' };
    await run(globex.extendTrial('2026-01-31T10:00:00.000Z'), globex.updateClient({ ...facts, ...more }));
    await run(globex.enableDirectBilling());
    const shown = {
      ...{ id: 'globex', ...facts, ...more, last_sign_in: null },
      ...{ trial_ends: '2026-02-14T10:00:00.000Z', direct_billing: true },
    };
    expect(client()).toEqual(shown);
    const { revision } = instance.now('globex');
    expect(clients()).toEqual({ rows: [{ ...shown, revision }], total: 1 });
    await run(globex.updateClient({ external_id: null, custom_theme: null }));
    expect(client()).toMatchObject({ external_id: null, custom_theme: null });
  });

  it('T408: last signed in when any of its users did, also one who is gone', async () => {
    await run(
      globex.createUser('cem'),
      globex.createUser('dan'),
      acme.by('acme-admin').recordSignIn('acme-admin'),
    );
    expect(client().last_sign_in).toBeNull();
    await run(globex.by('cem').recordSignIn('cem'), globex.by('dan').recordSignIn('dan'));
    const last = (await recordsOf(store, 'globex')).at(-1)?.metadata.time;
    expect(client().last_sign_in).toBe(last);
    await run(globex.deleteUser('dan'));
    expect(client().last_sign_in).toBe(last);
    expect(clients().rows).toMatchObject([{ last_sign_in: last }]);
  });
});

describe('The clients of a company', () => {
  it('T408: stand in one order, also where views meet them in another', async () => {
    const others = ['initech', 'hooli', 'umbrella'].map((id) => new CommandsFor(id));
    await run(...others.map((other) => other.openUnder('acme')), acme.createGroup('g'));
    const shares = ['umbrella', 'initech', 'globex', 'hooli'];
    await run(...shares.map((id) => acme.share(id, 'g')));
    const anew = await Instance.start(store);
    const order = (one: Instance) => one.ask(new ListClients('acme', {}, firstPage)).rows.map(({ id }) => id);
    expect(order(anew)).toEqual(order(instance));
    await anew.stop();
  });
});

describe('The resources of a client', () => {
  it('T408: are four, -1 until they are set; one of them is its seats', async () => {
    const of = (...values: number[]) =>
      [
        ...['api.requests.perDay', 'dashboard.combined.total', 'company.seats', 'published.private.links'],
      ].map((name, index) => ({ name, value: values[index] }));
    expect(resources()).toEqual(of(-1, -1, 3, -1));
    await run(globex.setResources({ 'api.requests.perDay': 500, 'company.seats': 5 }));
    await run(globex.setResources({ 'api.requests.perDay': 0, 'published.private.links': 7 }));
    expect(resources()).toEqual(of(0, -1, 5, 7));
    expect(client().seats).toBe(5);
    await run(globex.updateClient({ seats: -1 }));
    expect(resources()).toEqual(of(0, -1, -1, 7));
  });
});

describe('The settings of a client', () => {
  it('T408: are those that were set and not removed, with their types', async () => {
    expect(settings()).toEqual({});
    await run(globex.setSettings({ locale: 'de', week: 1, dark: true, ratio: 0.25, off: false }));
    await run(globex.setSettings({ locale: null, week: '1', dark: '', more: 0 }));
    expect(settings()).toEqual({ week: '1', ratio: 0.25, off: false, more: 0 });
  });
});

describe('A client that is closed', () => {
  beforeEach(async () => {
    await run(globex.createUser('cem', { password_hash: 'h' }), globex.issueKey('cem', 'k'));
    await run(globex.setSettings({ locale: 'de' }), globex.setResources({ 'api.requests.perDay': 5 }));
  });

  it('T408: is no client any more, and counts as none', async () => {
    await run(globex.close());
    expect(client).toThrow(notFound);
    expect(resources).toThrow(notFound);
    expect(settings).toThrow(notFound);
    expect(clients()).toEqual({ rows: [], total: 0 });
    const { tree } = instance.views;
    expect(() => instance.ask(new GetAccount(instance.now('globex')))).toThrow(notFound);
    expect(tree.parentOf('globex')).toBeUndefined();
    expect(tree.ownerOf('user', 'cem')).toBeUndefined();
  });

  it('T408: lets nobody in', async () => {
    const { credentials } = instance.views;
    expect(credentials.byEmail('cem@x.example')).toHaveLength(1);
    expect(credentials.byKeyHash('k-hash')).toMatchObject({ id: 'cem', account: 'globex' });
    await run(globex.close());
    expect(credentials.byEmail('cem@x.example')).toEqual([]);
    expect(credentials.byKeyHash('k-hash')).toBeUndefined();
  });

  it('T408: stays in the log and in the rows of its past', async () => {
    await run(globex.close());
    const past = instance.views.database
      .prepare<{ name: string; until: number }>("SELECT name, until FROM accounts WHERE name = 'Client'")
      .all();
    const closing = (await recordsOf(store, 'globex')).at(-1);
    expect(closing?.event).toEqual({ type: 'ClientClosed', data: {} });
    expect(past.at(-1)).toEqual({ name: 'Client', until: closing?.revision });
  });
});

describe('A client that is disabled', () => {
  it('T408: lets nobody in until it is enabled again; its company goes on', async () => {
    await run(globex.createUser('cem', { password_hash: 'h' }), globex.issueKey('cem', 'k'));
    await run(acme.createUser('bob', { email: 'cem@x.example', password_hash: 'h' }));
    const { credentials, tree } = instance.views;
    const whoIsIn = () => [
      ...credentials
        .byEmail('cem@x.example')
        .map(({ id }) => id)
        .sort(),
      credentials.byKeyHash('k-hash')?.id,
    ];
    expect(whoIsIn()).toEqual(['bob', 'cem', 'cem']);
    await run(globex.updateClient({ status: 'disabled' }));
    expect(whoIsIn()).toEqual(['bob', undefined]);
    expect(tree.ownerOf('user', 'cem')).toBe('globex');
    await run(globex.updateClient({ status: 'trial' }));
    expect(whoIsIn()).toEqual(['bob', 'cem', 'cem']);
  });
});
