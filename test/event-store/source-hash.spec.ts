import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { sourceHash } from '../../src/event-store/source-hash.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muster-'));
  mkdirSync(join(directory, 'tables'));
  write('tables/one.ts', "import { near } from './two.js';\n");
  write('tables/two.ts', "export { far } from '../far.js';\n");
  write('far.ts', 'export const far = 1;\n');
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(path: string, text: string): void {
  writeFileSync(join(directory, path), text);
}

function hash(): string {
  return sourceHash(pathToFileURL(join(directory, 'tables/'))).toString('hex');
}

it('Sources that stay the same have the same hash', () => {
  expect(hash()).toBe(hash());
});

it.each(['tables/one.ts', 'tables/new.ts', 'far.ts'])('Another %s makes another hash', (path) => {
  const before = hash();
  write(path, 'export const far = 2;\n');
  expect(hash()).not.toBe(before);
});

it.each(['unused.ts', 'tables/notes.txt'])('%s is no part of it', (path) => {
  const before = hash();
  write(path, 'export const unused = 1;\n');
  expect(hash()).toBe(before);
});
