import { describe, expect, it } from '@jest/globals';
import { Journal, JournaledMap, rollBack } from '../../src/domain/journaled-map.js';

function filled(): { journal: Journal; map: JournaledMap<number> } {
  const journal = new Journal();
  const map = new JournaledMap<number>(journal);
  map.set('a', 1);
  map.set('b', 2);
  journal.length = 0;
  return { journal, map };
}

describe('a journaled map', () => {
  it('reads like a map', () => {
    const { map } = filled();
    expect([map.size, map.get('a'), map.has('a'), map.get('c'), map.has('c')]).toEqual([
      2,
      1,
      true,
      undefined,
      false,
    ]);
    expect([...map.keys(), ...map.values(), ...map]).toEqual(['a', 'b', 1, 2, ['a', 1], ['b', 2]]);
  });
  it('takes back additions, changes and deletions, newest first', () => {
    const { journal, map } = filled();
    map.set('c', 3);
    map.set('a', 10);
    map.set('a', 11);
    map.delete('b');
    map.set('b', 20);
    map.delete('c');
    expect(new Map(map)).toEqual(
      new Map([
        ['a', 11],
        ['b', 20],
      ]),
    );
    rollBack(journal);
    expect(new Map(map)).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    );
    expect(journal).toHaveLength(0);
  });
  it('takes back only what came after a mark', () => {
    const { journal, map } = filled();
    map.set('c', 3);
    const mark = journal.length;
    map.set('c', 4);
    map.delete('a');
    rollBack(journal, mark);
    expect(new Map(map)).toEqual(
      new Map([
        ['a', 1],
        ['b', 2],
        ['c', 3],
      ]),
    );
    rollBack(journal);
    expect(map.has('c')).toBe(false);
  });
  it('writes nothing down when there was nothing to delete', () => {
    const { journal, map } = filled();
    map.delete('c');
    expect(journal).toHaveLength(0);
  });
  it('shares its journal with other maps, which roll back together', () => {
    const { journal, map } = filled();
    const other = new JournaledMap<string>(journal);
    map.set('a', 5);
    other.set('x', 'y');
    rollBack(journal);
    expect([map.get('a'), other.size]).toEqual([1, 0]);
  });
  it('keeps falsy values apart from absent ones', () => {
    const journal = new Journal();
    const map = new JournaledMap<number>(journal);
    map.set('zero', 0);
    map.set('zero', 1);
    rollBack(journal, 1);
    expect(map.get('zero')).toBe(0);
  });
});
