import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
}

const json = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** Licences, by their SPDX names, that ask for no more than that their text and the author are named. */
const taken = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause'],
  ...['Apache-2.0', 'BlueOak-1.0.0', 'Python-2.0'],
]);

test('every package that is delivered may be passed on with a service under the MIT licence', () => {
  const { packages } = json('package-lock.json') as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const delivered = Object.entries(packages).filter(([, { dev }]) => dev !== true);
  const isTaken = (license: string) =>
    license.split(/ AND |[()]/).every((one) => one === '' || taken.has(one));
  expect(delivered.length).toBeGreaterThan(50);
  expect(delivered.filter(([, { license = '' }]) => license === '' || !isTaken(license))).toEqual([]);
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
