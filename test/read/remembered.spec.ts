import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Remembered } from '../../src/read/remembered.js';
import { ViewsDatabase } from '../../src/read/views-database.js';

let database: ViewsDatabase;
let asked: string[];
let remembered: Remembered<number>;
const count = () => database.prepare<{ count: number }>('SELECT count(*) AS count FROM rows').get()?.count;
const add = () => database.prepare('INSERT INTO rows VALUES (1)').run();

beforeEach(() => {
  database = ViewsDatabase.open(':memory:', 'CREATE TABLE rows (row)', 1);
  asked = [];
  remembered = new Remembered(database, (key) => {
    asked.push(key);
    return count() ?? -1;
  });
});
afterEach(() => database.close());

describe('What was asked of the views', () => {
  it('is asked once as long as they stay as they are, for each key', () => {
    expect([remembered.of('a'), remembered.of('a'), remembered.of('b')]).toEqual([0, 0, 0]);
    expect(asked).toEqual(['a', 'b']);
  });

  it('is asked again after each change, and within one', () => {
    remembered.of('a');
    database.change(() => {
      add();
      expect(remembered.of('a')).toBe(1);
      add();
    }, 1);
    expect(remembered.of('a')).toBe(2);
  });

  it('is asked again after a change that failed, and after rows that were lost', () => {
    const fails = () =>
      database.change(() => {
        add();
        remembered.of('a');
        throw new Error('It does not fit');
      }, 1);
    expect(fails).toThrow('It does not fit');
    expect(remembered.of('a')).toBe(0);
    database.change(add, 1);
    expect(remembered.of('a')).toBe(1);
    database.clear('CREATE TABLE rows (row)');
    expect(remembered.of('a')).toBe(0);
  });

  it('takes bounded room: of many keys some are asked again', () => {
    for (let key = 0; key <= 1000; key += 1) remembered.of(String(key));
    asked = [];
    remembered.of('0');
    expect(asked).toEqual(['0']);
  });
});
