import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

describe('CI asks for the licences of the packages that are delivered', () => {
  const ask = (...root: string[]) =>
    spawnSync(process.execPath, ['.ci/licences.mjs', ...root], { encoding: 'utf8' });

  test('and passes: each may be passed on with a service under the MIT licence', () => {
    const { stdout, status } = ask();
    expect(stdout).toMatch(/^\d{2,} packages are delivered, 0 of them/);
    expect(status).toBe(0);
  });

  test.each([
    ['MIT', true],
    ['(GPL-3.0-only OR Apache-2.0)', true],
    ['MIT AND ISC', true],
    ['MIT AND GPL-3.0-only', false],
    ['UNLICENSED', false],
    [{ type: 'ISC' }, true],
    [undefined, false],
  ])('and %j is %s, whatever the lock file says', (license, isTaken) => {
    const root = mkdtempSync(join(tmpdir(), 'licences-'));
    const packages = { '': {}, 'node_modules/a': { license: isTaken ? 'GPL-3.0-only' : undefined } };
    mkdirSync(join(root, 'node_modules/a'), { recursive: true });
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }));
    writeFileSync(join(root, 'node_modules/a/package.json'), JSON.stringify({ license }));
    const { status } = ask(root);
    rmSync(root, { recursive: true });
    expect(status).toBe(isTaken ? 0 : 1);
  });
});

test('every dependency is imported, or another one cannot do without it', () => {
  const { dependencies } = json('package.json') as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const names = Object.keys(dependencies);
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join('src', file), 'utf8'))
    .join('\n');
  const isImported = (name: string) => [`'${name}'`, `'${name}/`].some((text) => sources.includes(text));
  const needed = names.flatMap((name) => {
    const { peerDependencies = {}, peerDependenciesMeta = {} } = json(
      `node_modules/${name}/package.json`,
    ) as Peers;
    return Object.keys(peerDependencies).filter((peer) => peerDependenciesMeta[peer]?.optional !== true);
  });
  // Its files are served, not imported.
  const known = new Set([...needed, 'swagger-ui-dist']);
  expect(names.filter((name) => !isImported(name) && !known.has(name))).toEqual([]);
});

interface Peers {
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

describe('CI asks for known faults of the packages that are delivered', () => {
  const fault = { name: 'left-pad', severity: 'high', range: '<=1.0.0' };
  test.each([
    ['passes when there are none', { vulnerabilities: {} }, 0, '0 packages with known faults'],
    ['fails when there is one', { vulnerabilities: { fault } }, 1, 'left-pad <=1.0.0: high'],
    ['passes when the registry cannot tell', { message: '404 Not Found' }, 0, 'Not checked'],
    ['passes when npm has nothing to say', undefined, 0, 'Not checked'],
  ])('and %s', (_, report, status, text) => {
    const bin = mkdtempSync(join(tmpdir(), 'npm-'));
    writeFileSync(
      join(bin, 'npm'),
      `#!/bin/sh\necho '${report === undefined ? '' : JSON.stringify(report)}'\n`,
    );
    chmodSync(join(bin, 'npm'), 0o755);
    const env = { PATH: `${bin}:${process.env['PATH']}` };
    const run = spawnSync(process.execPath, ['.ci/audit.mjs'], { env, encoding: 'utf8' });
    rmSync(bin, { recursive: true });
    expect(run.stdout).toContain(text);
    expect(run.status).toBe(status);
  });
});
