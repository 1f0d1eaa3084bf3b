import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Remembered } from '../../src/read/remembered.js';
import { Stamps } from '../../src/read/stamps.js';
import { ViewsDatabase } from '../../src/read/views-database.js';

const [bytes, schema] = [100_000, 'CREATE TABLE rows (row)'];

let database: ViewsDatabase;
let stamps: Stamps;
let asked: string[];
let remembered: Remembered<string>;

beforeEach(() => {
  database = ViewsDatabase.open(':memory:', schema, 1);
  stamps = new Stamps(database);
  remembered = new Remembered(stamps, { bytes, weigh: (answer) => answer.length });
  asked = [];
});
afterEach(() => database.close());

/** Asks what is known of a key: the answer rests on an account and a user. */
function ask(key: string, answer: string | null = key): string | undefined {
  return remembered.of(
    key,
    () => {
      asked.push(key);
      return answer ?? undefined;
    },
    () => ['acme', key],
  );
}

const removed = (user_id: string) =>
  stamps.note('acme', { type: 'UserRemovedFromGroup', data: { user_id, group_id: 'g1' } });

describe('What was asked of the views', () => {
  it('is asked once, for each key, whatever happens elsewhere', () => {
    expect([ask('ann'), ask('ann'), ask('bob')]).toEqual(['ann', 'ann', 'bob']);
    removed('eve');
    stamps.note('globex', { type: 'GroupDeleted', data: { group_id: 'g1' } });
    stamps.note('acme', { type: 'AccountRenamed', data: { name: 'Acme' } });
    database.change(() => database.prepare('INSERT INTO rows VALUES (1)').run(), 1);
    database.commit();
    ask('ann');
    expect(asked).toEqual(['ann', 'bob']);
  });

  it('is asked again of a user to whom something has happened, and of all users after a change of the account', () => {
    for (const key of ['ann', 'bob']) ask(key);
    removed('ann');
    for (const key of ['ann', 'bob', 'ann']) ask(key);
    expect(asked).toEqual(['ann', 'bob', 'ann']);
    stamps.note('acme', { type: 'GroupDeleted', data: { group_id: 'g1' } });
    for (const key of ['ann', 'bob']) ask(key);
    expect(asked).toEqual(['ann', 'bob', 'ann', 'ann', 'bob']);
  });

  it('is asked again when rows that were made for good are gone', () => {
    ask('ann');
    const fails = () =>
      database.change(() => {
        throw new Error('It does not fit');
      }, 1);
    expect(fails).toThrow('It does not fit');
    ask('ann');
    expect(asked).toEqual(['ann']);
    database.clear(schema);
    ask('ann');
    expect(asked).toEqual(['ann', 'ann']);
  });

  it('is asked again when nothing was there', () => {
    expect([ask('ann', null), ask('ann')]).toEqual([undefined, 'ann']);
  });

  it('takes bounded room: of large answers few are kept, and none that is larger than all', () => {
    for (let key = 0; key < 10; key += 1) ask(String(key), 'x'.repeat(20_000));
    ask('large', 'x'.repeat(bytes));
    asked = [];
    for (const key of ['9', '0', 'large']) ask(key);
    expect(asked).toEqual(['0', 'large']);
  });
});
