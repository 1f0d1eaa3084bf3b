import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readConfig } from '../../src/config/config.js';
import { ConfigError } from '../../src/config/setting.js';
import { fileVariables, settings } from '../../src/config/settings.js';
import { unknownSettings } from '../../src/config/unknown-settings.js';

const directory = mkdtempSync(join(tmpdir(), 'muster-secrets-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** A file with this content. */
function file(content: string): string {
  const path = join(directory, String(Math.random()).slice(2));
  writeFileSync(path, content);
  return path;
}

const texts: Readonly<Record<string, string>> = {
  EVENT_STORE: 'esdb://user:hush@host:2113',
  MUSTER_ADMIN_PASSWORD: ' pass word ',
  SMTP_URL: 'smtp://user:hush@host',
};
const textOf = (name: string) => texts[name] ?? 'hush-hush-hush-hush-hush-hush-hush-hush';

test('each secret, and nothing else, can stand in a file', () => {
  const secrets = Object.values(settings).filter((setting) => 'secret' in setting);
  expect(fileVariables).toEqual(secrets.map(({ name }) => `${name}_FILE`));
  expect(fileVariables).toContain('MUSTER_OPERATOR_KEY_FILE');
  expect(fileVariables.length).toBeGreaterThan(6);
});

test.each(fileVariables)('%s names a file with the text, without one newline at its end', (variable) => {
  const name = variable.replace(/_FILE$/, '');
  const text = textOf(name);
  const meant = readConfig({ [name]: text });
  for (const content of [text, `${text}\n`, `${text}\r\n`])
    expect(readConfig({ [variable]: file(content) })).toEqual(meant);
  expect(readConfig({ [name]: text, [variable]: '' })).toEqual(meant);
  expect(unknownSettings({ [variable]: 'x' })).toEqual([]);
});

test.each(fileVariables)('%s and its setting are not both set', (variable) => {
  const name = variable.replace(/_FILE$/, '');
  const both = { [name]: textOf(name), [variable]: file(textOf(name)) };
  expect(() => readConfig(both)).toThrow(
    new ConfigError(`${name} and ${variable} are both set; set one of them`),
  );
});

test.each(fileVariables)('%s: a file that is of no use is named, and no secret is repeated', (variable) => {
  const name = variable.replace(/_FILE$/, '');
  const refusal = (path: string) => {
    try {
      return JSON.stringify(readConfig({ [variable]: path }));
    } catch (error) {
      return error instanceof ConfigError ? error.message : String(error);
    }
  };
  const missing = join(directory, 'missing');
  expect(refusal(missing)).toContain(
    `${variable} names the file "${missing}", which cannot be read (ENOENT)`,
  );
  expect(refusal(directory)).toContain('(EISDIR)');
  for (const empty of ['', '\n']) {
    const path = file(empty);
    expect(refusal(path)).toBe(`${variable} names the file "${path}", which is empty`);
  }
  expect(refusal(file(' \t\n'))).toBe(`${name} (from ${variable}) is blank`);
  const wrong = refusal(file('x\nhush'));
  expect(wrong).toMatch(`${name} (from ${variable}) `);
  expect(wrong).not.toContain('hush');
});

test('a wrong file is one of all faults, a line each', () => {
  expect(() => readConfig({ PORT: 'x', MUSTER_SECRET_FILE: join(directory, 'missing') })).toThrow(
    /^PORT is "x".*\nMUSTER_SECRET_FILE names/,
  );
});

test('a setting that is no secret has no file', () => {
  expect(unknownSettings({ MUSTER_COMPANY_FILE: 'x' })).toEqual([expect.stringContaining('has no effect')]);
  expect(readConfig({ MUSTER_COMPANY_FILE: file('Acme') })).toEqual(readConfig({}));
});
