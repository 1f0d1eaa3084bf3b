import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { commandCatalogue } from '../../src/domain/command-catalogue.js';

const section = /\n## Reasons\n([^]*?)\n## /.exec(readFileSync('docs/operations.md', 'utf8'))?.[1] ?? '';
const named = section.split('\n').flatMap((row) => {
  const [, , commands = ''] = row.split('|');
  return [...commands.matchAll(/`(\w+)`/g)].map(([, name]) => name);
});

test('the names of commands that may ask for a reason are listed, each once', () => {
  expect(named.sort()).toEqual(Object.keys(commandCatalogue).sort());
});
