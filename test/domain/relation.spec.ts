import { describe, expect, it } from '@jest/globals';
import { Journal, rollBack } from '../../src/domain/journaled-map.js';
import { Relation } from '../../src/domain/relation.js';

describe('a relation', () => {
  const related = () => {
    const relation = new Relation<boolean>(new Journal());
    for (const [user, group] of [
      ['u1', 'g1'],
      ['u1', 'g2'],
      ['u2', 'g1'],
    ] as const)
      relation.set(user, group, true);
    relation.journal.length = 0;
    return relation;
  };
  const pairs = ({ bySubject, byOther }: ReturnType<typeof related>) => [
    [...bySubject].flatMap(([user, others]) => [...others.keys()].map((other) => `${user} ${other}`)).sort(),
    [...byOther].flatMap(([other, users]) => [...users.keys()].map((user) => `${user} ${other}`)).sort(),
  ];
  const both = (...list: string[]) => [list, list];

  it('is looked up from both ends', () => expect(pairs(related())).toEqual(both('u1 g1', 'u1 g2', 'u2 g1')));
  it.each([
    ['one pair', both('u1 g2', 'u2 g1'), (r: ReturnType<typeof related>) => r.delete('u1', 'g1')],
    ['all pairs of a user', both('u2 g1'), (r: ReturnType<typeof related>) => r.deleteSubject('u1')],
    ['all pairs of the other', both('u1 g2'), (r: ReturnType<typeof related>) => r.deleteOther('g1')],
    [
      'nothing it never had',
      both('u1 g1', 'u1 g2', 'u2 g1'),
      (r: ReturnType<typeof related>) => r.delete('u2', 'g2'),
    ],
  ])('ends %s on both ends, and rolls back', (_, left, end) => {
    const relation = related();
    end(relation);
    expect(pairs(relation)).toEqual(left);
    rollBack(relation.journal);
    expect(pairs(relation)).toEqual(both('u1 g1', 'u1 g2', 'u2 g1'));
  });
  it('changes the value of a pair on both ends', () => {
    const relation = related();
    relation.set('u1', 'g1', false);
    expect([relation.bySubject.get('u1')?.get('g1'), relation.byOther.get('g1')?.get('u1')]).toEqual([
      false,
      false,
    ]);
    rollBack(relation.journal);
    expect([relation.bySubject.get('u1')?.get('g1'), relation.byOther.get('g1')?.get('u1')]).toEqual([
      true,
      true,
    ]);
  });

  it('keeps nothing of pairs that have come and gone, nor of those that were rolled back', () => {
    const relation = new Relation<boolean>(new Journal());
    const sizes = () => [relation.bySubject.size, relation.byOther.size, relation.journal.bytes];
    const users = Array.from({ length: 100_000 }, (_, number) => `u${number}`);
    for (const user of users) relation.set(user, 'g1', true);
    rollBack(relation.journal);
    expect(sizes()).toEqual([0, 0, 0]);
    for (const user of users) relation.set(user, 'g1', true);
    relation.journal.length = 0;
    for (const user of users) relation.delete(user, 'g1');
    expect(sizes()).toEqual([0, 0, 0]);
    rollBack(relation.journal);
    expect([relation.bySubject.size, relation.byOther.get('g1')?.size]).toEqual([100_000, 100_000]);
    expect(relation.get('u7', 'g1')).toBe(true);
  });
});
