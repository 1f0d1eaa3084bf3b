import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { GetDefaultTab } from '../../src/read/default-tab.js';
import { ListDefaultTabs } from '../../src/read/default-tabs.js';
import { CommandsFor } from '../support/commands.js';
import { runAll } from '../support/execute.js';
import { firstPage, Instance } from '../support/views.js';

const acme = new CommandsFor('acme');
const client = new CommandsFor('client');
let instance: Instance;

beforeAll(async () => {
  instance = await Instance.start(new MemoryEventStore());
  const { execute } = instance;
  await runAll(execute, acme.open(), client.openUnder('acme'), client.createGroup('client-group'));
  await runAll(execute, acme.createGroup('a'), acme.createGroup('b'), acme.addDefaultTabs('a', 'z', 'y'));
  await runAll(execute, acme.addDefaultTabs('b', 'y'), acme.addDefaultTabs('a', 'x', 'z', 'w'));
});
afterAll(() => instance.stop());

const list = (group: string, page = firstPage, account = 'acme') => {
  const { rows, total } = instance.ask(new ListDefaultTabs(instance.now(account), group, page));
  return { tabs: rows.map(({ tab_id }) => tab_id), total };
};
const get = (group: string, tab: string) => instance.ask(new GetDefaultTab(instance.now('acme'), group, tab));
const refused = (code: string): unknown => expect.objectContaining({ code });

describe('The default tabs of a group', () => {
  it('T405: are listed in the order in which they were added', () => {
    expect(list('a')).toEqual({ tabs: ['z', 'y', 'x', 'w'], total: 4 });
    expect(list('b')).toEqual({ tabs: ['y'], total: 1 });
    expect(list(acme.allUsers)).toEqual({ tabs: [], total: 0 });
  });

  it('are paged with the total of the whole list on every page', () => {
    expect(list('a', { limit: 2, offset: 1 })).toEqual({ tabs: ['y', 'x'], total: 4 });
    expect(list('a', { limit: 2, offset: 4 })).toEqual({ tabs: [], total: 4 });
  });

  it('T405: are found one by one, by the id as it was sent', () => {
    expect(get('a', 'w')).toEqual({ tab_id: 'w' });
    expect(() => get('b', 'w')).toThrow(refused('default_tab_not_found'));
    expect(() => get('a', 'W')).toThrow(refused('default_tab_not_found'));
  });

  it('T405: are not found in a group of another account', () => {
    expect(() => list('client-group')).toThrow(refused('group_not_found'));
    expect(() => get('client-group', 'w')).toThrow(refused('group_not_found'));
  });

  it('T405: end with the group', async () => {
    await instance.execute.run(acme.deleteGroup('b'));
    expect(() => list('b')).toThrow(refused('group_not_found'));
    const open = 'SELECT count(*) AS open FROM default_tabs WHERE until > 1000';
    expect(instance.views.database.prepare(open).all()).toEqual([{ open: 4 }]);
  });
});
