import { beforeEach, describe, expect, it } from '@jest/globals';
import { integer, text, versioned } from '../../src/read/versioned.js';
import { oneMore, type Versions } from '../../src/read/versions.js';
import { NOW, ViewsDatabase } from '../../src/read/views-database.js';

const tabs = versioned('tabs', {
  key: ['tab'],
  columns: { tab: integer, owner: integer, name: text },
  by: [['owner', 'tab']],
});
type Row = { tab: number; owner: number; name: string };

let database: ViewsDatabase;
let rows: Versions<Row, 'tab'>;
const all = () =>
  database
    .prepare<Row & { since: number; until: number }>('SELECT * FROM tabs ORDER BY tab, since')
    .all()
    .map((row) => ({ ...row }));
const a = { tab: 1, owner: 10, name: 'a' };
const b = { tab: 2, owner: 10, name: 'b' };
const other = { tab: 3, owner: 11, name: 'c' };

describe('A system-versioned table', () => {
  beforeEach(() => {
    database = ViewsDatabase.open(':memory:', tabs.ddl, 1);
    rows = tabs.in(database);
    rows.open({ revision: 1 }, a);
    rows.open({ revision: 2 }, b);
    rows.open({ revision: 3 }, other);
  });

  it('shows the row of a key that holds now', () => {
    expect(rows.get({ tab: 1 })).toEqual(expect.objectContaining(a));
    expect(rows.get({ tab: 4 })).toBeUndefined();
  });

  it('keeps a row that is closed, as one that held until then', () => {
    rows.close({ revision: 5 }, { tab: 1 });
    rows.close({ revision: 6 }, { tab: 1 });
    expect(rows.get({ tab: 1 })).toBeUndefined();
    expect(all()[0]).toEqual({ ...a, since: 1, until: 5 });
  });

  it('closes every row that has some values and tells which', () => {
    expect(rows.closeAll({ revision: 5 }, { owner: 10 }).map(({ tab }) => tab)).toEqual([1, 2]);
    expect(rows.closeAll({ revision: 6 }, { owner: 10 })).toEqual([]);
    expect(all().map(({ until }) => until)).toEqual([5, 5, NOW]);
  });

  it('opens a row in place of the one that it closes, with what differs', () => {
    rows.change({ revision: 5 }, { tab: 1 }, { name: 'b' });
    rows.change({ revision: 6 }, { tab: 1 }, { name: 'c', owner: oneMore });
    expect(all().slice(0, 3)).toEqual([
      { ...a, since: 1, until: 5 },
      { ...a, name: 'b', since: 5, until: 6 },
      { ...a, name: 'c', owner: 11, since: 6, until: NOW },
    ]);
  });

  it('keeps of one revision how it ended', () => {
    rows.change({ revision: 5 }, { tab: 1 }, { name: 'b' });
    rows.change({ revision: 5 }, { tab: 1 }, { name: 'c' });
    expect(all().slice(0, 2)).toEqual([
      { ...a, since: 1, until: 5 },
      { ...a, name: 'c', since: 5, until: NOW },
    ]);
  });

  it('refuses to change a row that does not hold', () => {
    rows.close({ revision: 5 }, { tab: 1 });
    expect(() => rows.change({ revision: 6 }, { tab: 1 }, { name: 'b' })).toThrow('missing');
  });

  it('puts a row whether one held or not', () => {
    rows.put({ revision: 5 }, { ...a, name: 'b' });
    rows.put({ revision: 5 }, { tab: 4, owner: 10, name: 'd' });
    expect(rows.get({ tab: 1 })?.name).toBe('b');
    expect(rows.get({ tab: 4 })?.name).toBe('d');
  });

  it('holds one row of a key at a time', () => {
    expect(() => rows.open({ revision: 5 }, a)).toThrow('UNIQUE');
  });
});
