import { describe, expect, it } from '@jest/globals';
import { RowList } from '../../src/read/row-list.js';
import { ViewsDatabase } from '../../src/read/views-database.js';

const schema = 'CREATE TABLE things (place INTEGER NOT NULL, "group" TEXT, size INTEGER)';

describe('A list of rows', () => {
  it('has the values that were stored, whatever is in them, in the order of the statement', () => {
    const database = ViewsDatabase.open(':memory:', schema, 1);
    const add = database.prepare<never>('INSERT INTO things VALUES (?, ?, ?)');
    const texts = ['', '"]', '\\u0000\n\t\u0001\u2028', '😀é', '[1]', '{"a":1}', 'null', null];
    const stored = texts.map((group, place) => ({ place, group, size: Number.MAX_SAFE_INTEGER - place }));
    for (const { place, group, size } of [...stored].reverse()) add.run(place, group, size);
    const sql = 'SELECT place, "group", size FROM things WHERE place >= ?1 ORDER BY place';
    const list = new RowList(database, sql);
    expect(list.all(0)).toEqual(stored);
    expect(list.all(0)).toEqual(
      database
        .prepare<object>(sql)
        .all(0)
        .map((row) => ({ ...row })),
    );
    expect(list.all(7)).toEqual([{ place: 7, group: null, size: Number.MAX_SAFE_INTEGER - 7 }]);
    expect(list.all(8)).toEqual([]);
  });
});
