import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { defaultOf } from '../../src/config/setting.js';
import { limitTable } from '../../src/domain/limits.js';
import { fileVariables, settingNames, settings } from '../../src/config/settings.js';

/** Cells of the README's table of settings, as a reader sees them. */
const rows = /\n## Settings\n[^]*?\n\| --- .*\n([^]*?)\n\n/
  .exec(readFileSync('README.md', 'utf8'))?.[1]
  ?.split('\n')
  .map((row) => row.replaceAll('`', '').split('|'))
  .map(([, name = '', , standard = '']) => [name.trim(), standard.trim()]);

test('the README lists the settings with their defaults, in the order of --help', () => {
  expect(rows).toEqual(Object.values(settings).map((setting) => [setting.name, defaultOf(setting)]));
});

test('the operator’s guide lists the variables that name files with secrets', () => {
  const [, list = ''] =
    /\n### Secrets in files\n([^]*?)\n#/.exec(readFileSync('docs/operations.md', 'utf8')) ?? [];
  const listed = [...list.matchAll(/^\| `(\w+_FILE)` \|/gm)].map(([, name]) => name);
  expect(listed).toEqual(fileVariables);
});

test('the limits are documented with their defaults', () => {
  const text = readFileSync('docs/operations.md', 'utf8');
  for (const [name, { most, of }] of Object.entries(limitTable))
    expect(text).toContain(`| \`${name}\` | ${most.toLocaleString('en')} | ${of} |`);
});

const documents = readdirSync('docs', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.md'))
  .map((file) => `docs/${file}`);

test.each(['README.md', ...documents])('%s names no setting that there is not', (file) => {
  const named = readFileSync(file, 'utf8').match(/\bMUSTER_[A-Z_]*[A-Z](?!_?…)\b/g) ?? [];
  expect([...settingNames, ...fileVariables]).toEqual(expect.arrayContaining(named));
});
