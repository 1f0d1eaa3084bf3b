import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { settingNames } from '../../src/config/settings.js';
import {
  argumentsOf,
  healthPaths,
  imageConfig,
  imageEnvironment,
  pinnedImage,
  stage,
  stages,
} from '../support/deployment.js';

const packageJson = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
};

describe('Dockerfile', () => {
  const froms = stages().map(([from]) => (from?.rest ?? '').split(/ AS /));
  const image = froms[0]?.[0] ?? '';
  const names = froms.map(([, name]) => name);

  it('is built from one image of an exact version, and from its own stages', () => {
    expect(image).toMatch(pinnedImage);
    expect(froms.length).toBeGreaterThan(1);
    for (const [index, [source]] of froms.slice(1).entries())
      expect(names.slice(0, index + 1)).toContain(source);
  });

  it('has a Node of long-term support that the package takes', () => {
    const version = (text: string) => (/(\d+)\.(\d+)/.exec(text) ?? []).slice(1).map(Number);
    const [major = 0] = version(image);
    const [oldest = 0] = version(packageJson.engines.node);
    expect(major % 2).toBe(0);
    expect(major).toBeGreaterThan(oldest);
  });

  it('copies what exists and is not ignored, and from stages that are there', () => {
    const words = stages()
      .flatMap((instructions) => argumentsOf('COPY', instructions))
      .map((rest) => rest.split(/ +/));
    const staged = words.flatMap(([first = '']) => /^--from=(.*)$/.exec(first)?.[1] ?? []);
    expect(staged.filter((name) => !names.includes(name))).toEqual([]);
    const sources = words.filter(([first]) => !first?.startsWith('--')).flatMap((all) => all.slice(0, -1));
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((source) => !existsSync(source) || isIgnored(source))).toEqual([]);
  });

  it('takes production dependencies only', () => {
    expect(argumentsOf('RUN', stage('dependencies'))).toEqual([expect.stringMatching(/^npm ci --omit=dev /)]);
    expect(argumentsOf('COPY', stage())).toEqual([
      '--from=dependencies /app/node_modules node_modules',
      '--from=build /app/dist dist',
    ]);
    expect(argumentsOf('RUN', stage()).join()).not.toMatch(/npm/);
  });

  it('builds with a script of the package', () => {
    const script = /npm run (\w+)/.exec(argumentsOf('RUN', stage('build')).join('\n'))?.[1];
    expect(Object.keys(packageJson.scripts)).toContain(script);
  });

  it('starts what npm start starts, without a shell, as a user without rights', () => {
    const [command = '[]'] = argumentsOf('CMD', stage());
    const words = JSON.parse(command) as string[];
    expect(words.at(-1)).toBe('dist/main.js');
    expect(packageJson.scripts['start']?.endsWith(`exec ${words.join(' ')}`)).toBe(true);
    expect(argumentsOf('USER', stage())).toEqual(['node']);
    expect(argumentsOf('STOPSIGNAL', stage())).toEqual(['SIGTERM']);
  });

  it('sets what the service knows, and keeps its data in a volume of that user', () => {
    const { NODE_ENV, ...rest } = imageEnvironment;
    expect(NODE_ENV).toBe('production');
    expect(settingNames).toEqual(expect.arrayContaining(Object.keys(rest)));
    const { host, dataDirectory } = imageConfig;
    expect(host).toBe('0.0.0.0');
    expect(argumentsOf('VOLUME', stage())).toEqual([dataDirectory]);
    expect(argumentsOf('RUN', stage())).toEqual([
      `mkdir -m 700 ${dataDirectory} && chown node:node ${dataDirectory}`,
    ]);
  });

  it('asks for life, not readiness, at the port that it exposes', () => {
    const [check = ''] = argumentsOf('HEALTHCHECK', stage());
    const [, port, path] = /PORT \|\| (\d+)\}\/([\w/]+)/.exec(check) ?? [];
    expect([port]).toEqual(argumentsOf('EXPOSE', stage()));
    expect(Number(port)).toBe(imageConfig.port);
    expect(path).toBe('health/live');
    expect(healthPaths).toContain(path);
  });
});

describe('.dockerignore', () => {
  it.each(['data', 'node_modules', '.git', 'dist', '.env', 'coverage', 'test', 'events.db'])(
    'keeps %s out of the build',
    (path) => {
      expect(isIgnored(path)).toBe(true);
    },
  );
});

/** Whether .dockerignore leaves out a path of the top level: the last line that matches it decides. */
function isIgnored(path: string): boolean {
  const lines = readFileSync('.dockerignore', 'utf8').split('\n');
  const patterns = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const last = patterns.findLast((pattern) => ['*', path].includes(pattern.replace('!', '')));
  return last !== undefined && !last.startsWith('!');
}
