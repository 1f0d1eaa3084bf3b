import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { eventCatalogue, isEventType } from '../../src/domain/event-catalogue.js';

const rows = readFileSync('docs/events.md', 'utf8')
  .split('\n')
  .map((line) => /^\| `([A-Z]\w+)` \| (\d+) \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|/.exec(line))
  .filter((match) => match !== null)
  .map(([, type = '', version, category, ...fields]) => ({
    type,
    version: Number(version),
    category,
    fields: fields.map(names),
  }));

function names(cell: string): string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
}

it('docs/events.md lists every event of the catalogue and no other', () => {
  expect(rows.map(({ type }) => type).sort()).toEqual(Object.keys(eventCatalogue).sort());
});

it.each(rows)(
  'docs/events.md tells version, category, personal and secret fields of $type',
  ({ type, version, category, fields }) => {
    if (!isEventType(type)) throw new Error(`${type} is not in the catalogue`);
    const [, personal, secret] = fields;
    expect(eventCatalogue[type]).toMatchObject({ version, category, personal, secret });
  },
);

it.each(rows)(
  'docs/events.md tells the fields of $type as its golden record and the catalogue have them',
  ({ type, version, fields }) => {
    const golden: unknown = JSON.parse(readFileSync(`test/golden/${type}.v${version}.json`, 'utf8'));
    const data = typeof golden === 'object' && golden !== null && 'data' in golden ? golden.data : undefined;
    const described = [...(fields[0] ?? [])].sort();
    expect(Object.keys(typeof data === 'object' && data !== null ? data : {}).sort()).toEqual(described);
    if (!isEventType(type)) throw new Error(`${type} is not in the catalogue`);
    expect(Object.keys(eventCatalogue[type].fields).sort()).toEqual(described);
  },
);

it('an event that is documented has its golden record', () => {
  expect(readdirSync('test/golden')).toEqual(
    expect.arrayContaining(rows.map(({ type, version }) => `${type}.v${version}.json`)),
  );
});
