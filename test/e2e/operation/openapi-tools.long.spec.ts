import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { RunningApp } from '../../support/app.js';

let source: string;
let asyncSource: string;
let directory: string;

beforeAll(async () => {
  const app = await RunningApp.start();
  source = (await app.request('GET', '/openapi.json')).text;
  asyncSource = (await app.request('GET', '/asyncapi.json')).text;
  await app.stop();
  directory = mkdtempSync(join(tmpdir(), 'muster-client-'));
  writeFileSync(join(directory, 'openapi.json'), source);
});

afterAll(() => rmSync(directory, { recursive: true }));

test('a linter finds nothing to say about the document', async () => {
  const config = await createConfig({
    extends: ['recommended'],
    rules: {
      // Routes whose path lacks an id only say so; pages and health refuse nobody.
      ...{ 'operation-2xx-response': 'off', 'operation-4xx-response': 'off' },
    },
  });
  const problems = await lintFromString({ source, config });
  expect(problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer])).toEqual(
    [],
  );
});

test('the parser of AsyncAPI finds nothing to say about /asyncapi.json, and finds what is wrong in it', () => {
  const check = `
    const { Parser } = require('@asyncapi/parser');
    const text = require('node:fs').readFileSync(0, 'utf8');
    new Parser().parse(text).then(({ document, diagnostics }) => console.log(JSON.stringify({
      operations: document?.operations().all().map((one) => one.id()) ?? [],
      diagnostics: diagnostics.map(({ code, message, path }) => [code, message, path.join('.')]),
    })));`;
  const parsed = (input: string) => {
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', check], { input, encoding: 'utf8' });
    expect(stderr).toBe('');
    return JSON.parse(stdout) as { operations: string[]; diagnostics: string[][] };
  };
  expect(parsed(asyncSource)).toEqual({
    operations: ['readFeed', 'followStream', 'sendWebhook'],
    diagnostics: [],
  });
  const broken = asyncSource.replace('#/components/messages/Page', '#/components/messages/None');
  expect(parsed(broken).diagnostics).not.toEqual([]);
});

function run(script: string, ...options: string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...options], {
    ...{ cwd: directory, encoding: 'utf8' },
  });
  expect({ script, status, output: status === 0 ? '' : stdout + stderr }).toEqual({
    script,
    status: 0,
    output: '',
  });
}

test('a client that is generated from the document compiles, and has every operation', () => {
  const tool = (path: string) => join(process.cwd(), 'node_modules', path);
  run(tool('@hey-api/openapi-ts/bin/run.js'), '-i', 'openapi.json', '-o', 'client', '--silent');
  const compilerOptions = {
    ...{ strict: true, noEmit: true, module: 'nodenext', target: 'es2023', types: [] },
    lib: ['es2023', 'dom', 'dom.iterable'],
  };
  writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['client'] }));
  run(tool('typescript/bin/tsc'), '-p', directory);
  const client = readFileSync(join(directory, 'client/sdk.gen.ts'), 'utf8');
  for (const [, id = ''] of source.matchAll(/"operationId":"(\w+)"/g))
    expect(client).toContain(`const ${id} =`);
});
