import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { revertible, withoutInverse } from '../../src/audit/revert/inverses.js';
import { eventCatalogue } from '../../src/domain/event-catalogue.js';

const section = /\n## Undo\n([^]*)/.exec(readFileSync('docs/audit.md', 'utf8'))?.[1] ?? '';
const rows = section.split('\n').flatMap((line) => {
  const [, events, inverse] = /^\| (`[^|]+) \| ([^|]+) \|$/.exec(line) ?? [];
  if (events === undefined || inverse === undefined) return [];
  return [...events.matchAll(/`(\w+)`/g)].map(([, type = '']) => ({ type, has: !inverse.startsWith('–') }));
});

it('docs/audit.md says of every event whether it can be taken back, each once', () => {
  expect(rows.map(({ type }) => type).sort()).toEqual(Object.keys(eventCatalogue).sort());
});

it('docs/audit.md says so of those alone that have an inverse', () => {
  const [taken, not] = [true, false].map((has) =>
    rows.filter((row) => row.has === has).map(({ type }) => type),
  );
  expect(taken?.sort()).toEqual([...revertible].sort());
  expect(not?.sort()).toEqual(Object.keys(withoutInverse).sort());
});
