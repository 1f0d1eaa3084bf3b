import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SecretFile } from '../../src/application/secret-file.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'secret-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test('the secret is made once, when it is needed, and only its owner can read it', () => {
  const file = new SecretFile(directory);
  expect(file.read()).toBeUndefined();
  const secret = file.readOrMake();
  expect(secret).toMatch(/^[0-9a-f]{64}$/);
  expect(file.readOrMake()).toBe(secret);
  expect(new SecretFile(directory).read()).toBe(secret);
  expect(statSync(join(directory, 'secret')).mode & 0o777).toBe(0o600);
});

test('a file that was not written to its end is no secret: nothing was sealed with it', () => {
  writeFileSync(join(directory, 'secret'), '0123456789abcdef');
  expect(new SecretFile(directory).read()).toBeUndefined();
  const secret = new SecretFile(directory).readOrMake();
  expect(readFileSync(join(directory, 'secret'), 'utf8').trim()).toBe(secret);
});

test('a file that cannot be read is no missing one', () => {
  expect(() => new SecretFile(join(directory, 'no\0name')).read()).toThrow();
});

test('for a log in memory the secret lives as long', () => {
  const file = new SecretFile(undefined);
  expect(file.readOrMake()).toBe(file.readOrMake());
  expect(file.read()).toBe(file.readOrMake());
});
