import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));
const MOST_LINES = 250;

/** What each folder of src may import: other parts of src, and packages. */
const rules: Record<string, { parts: string[]; packages: RegExp }> = {
  domain: { parts: ['domain'], packages: /^$/ },
  'event-store': {
    parts: ['event-store', 'domain'],
    packages:
      /^(node:|@(photostructure\/sqlite|eventstore\/db-client(\/generated\/streams_pb\.js)?|grpc\/grpc-js)$)/,
  },
  config: { parts: ['config', 'domain', 'listen-address'], packages: /^(leven|node:fs)$/ },
  read: {
    parts: ['read', 'event-store', 'domain'],
    packages: /^(node:|(@nestjs\/(common|cqrs)|lru-cache)$)/,
  },
  application: {
    parts: ['application', 'read', 'event-store', 'domain', 'config', 'listen-address'],
    packages: /^(node:|(@nestjs\/(common|cqrs)|lru-cache|prom-client)$)/,
  },
  audit: {
    parts: ['audit', 'application', 'read', 'event-store', 'domain', 'config'],
    packages: /^(node:|(@nestjs\/common|lru-cache)$)/,
  },
  feed: {
    parts: ['feed', 'audit', 'application', 'read', 'event-store', 'domain', 'config'],
    packages: /^(node:|lru-cache$)/,
  },
  publish: {
    parts: [
      'publish',
      'feed',
      'audit',
      'application',
      'read',
      'event-store',
      'domain',
      'config',
      'listen-address',
      'version',
    ],
    packages: /^(node:|(@nestjs\/common|nodemailer(\/.+)?|ipaddr\.js|lru-cache|prom-client)$)/,
  },
  http: {
    parts: ['http', 'publish', 'feed', 'audit', 'application', 'read', 'domain', 'config'],
    packages: /^(?!@(photostructure|eventstore|grpc))/,
  },
};

/** The TypeScript files below a folder, by their paths from the root. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file))
    .sort();
}

interface Import {
  readonly file: string;
  /** A package, or for a relative import the path from the root, without its ending. */
  readonly target: string;
  readonly isRelative: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?<![.\w])(?:from|import)\s*\(?\s*'([^'\n]+)'/g)].map(([, specifier = '']) => {
    const isRelative = specifier.startsWith('.');
    const path = normalize(join(dirname(file), specifier)).replace(/\.js$/, '');
    return { file, isRelative, target: isRelative ? path : specifier };
  });
}

const partOf = (target: string) => /^src\/([^/]+)/.exec(target)?.[1];
const sources = filesBelow('src');
const imports = sources.flatMap(importsOf);

test('every folder of src has a rule of who it may import', () => {
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(rules).sort());
});

describe.each(Object.entries(rules))('src/%s', (folder, { parts, packages }) => {
  const own = imports.filter(({ file }) => partOf(file) === folder);

  test(`imports only ${parts.join(', ')} of the service`, () => {
    expect(own).not.toEqual([]);
    const inside = own.filter(({ isRelative }) => isRelative);
    expect(inside.filter(({ target }) => !parts.includes(partOf(target) ?? ''))).toEqual([]);
  });

  test(`imports only packages ${String(packages)}`, () => {
    const outside = own.filter(({ isRelative }) => !isRelative);
    expect(outside.filter(({ target }) => !packages.test(target))).toEqual([]);
  });
});

test('every relative import ends at a source', () => {
  const known = new Set(sources.map((file) => file.replace(/\.ts$/, '')));
  expect(imports.filter(({ isRelative, target }) => isRelative && !known.has(target))).toEqual([]);
});

test('nothing imports itself by way of others', () => {
  const edges = new Map<string, string[]>();
  for (const { file, target, isRelative } of imports)
    if (isRelative) edges.set(file, [...(edges.get(file) ?? []), `${target}.ts`]);
  const circles: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file]);
    if (done.has(file)) return;
    done.add(file);
    for (const next of edges.get(file) ?? []) walk(next, [...path, file]);
  };
  for (const file of edges.keys()) walk(file, []);
  expect(circles).toEqual([]);
});

test('only chosen-store.ts, app.module.ts and the addresses of logs choose an implementation of the event store', () => {
  const chosen = imports.filter(({ target }) => /\.event-store$/.test(target));
  expect(chosen.length).toBeGreaterThan(1);
  expect(new Set(chosen.map(({ file }) => file))).toEqual(
    new Set(['src/app.module.ts', 'src/chosen-store.ts', 'src/event-store/opened-log.ts']),
  );
});

/** The folders of the APIs: the rooms of src/http that have an object for one. */
const doors = sources.flatMap((file) => {
  const name = /^src\/http\/([^/]+)\/api\.ts$/.exec(file)?.[1];
  return name === undefined || name === 'door' ? [] : [name];
});
const doorOf = (path: string) => doors.find((name) => path.startsWith(`src/http/${name}/`));

test('an API is a folder of its own, which others know by the list of doors alone', () => {
  expect(doors.length).toBeGreaterThan(1);
  const known = imports.filter(
    ({ file, target }) => doorOf(target) !== undefined && doorOf(file) !== doorOf(target),
  );
  expect(new Set(known.map(({ file }) => file))).toEqual(new Set(['src/http/doors.ts']));
});

test('nothing asks by its name which API a request belongs to', () => {
  const comparison = /[!=]==? *'(v\d|scim)'|'(v\d|scim)' *[!=]==?|case '(v\d|scim)'/;
  expect(sources.filter((file) => comparison.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  const named = sources.filter((file) => /via: '(v\d|scim)'/.test(readFileSync(join(root, file), 'utf8')));
  expect(named).toEqual(doors.map((name) => `src/http/${name}/api.ts`));
});

describe.each(['src', 'test', 'bench'])('%s', (folder) => {
  const files = filesBelow(folder);

  test('has no barrels, and no names that say nothing', () => {
    const bad = /(^|\/)index\.ts$|(^|\/)(utils?|helpers?|impl)(\/|\.)/;
    expect(files.filter((file) => bad.test(file))).toEqual([]);
  });

  test('names files and folders in lower case with hyphens', () => {
    const good = /^[a-z0-9-]+(\/[a-z0-9-]+)*(\.[a-z-]+)*\.ts$/;
    expect(files.filter((file) => !good.test(file))).toEqual([]);
  });

  test(`has no file of more than ${MOST_LINES} lines of code`, () => {
    const code = /^\s*(?!\/\/|\/?\*)\S/;
    const long = files.filter((file) => {
      const lines = readFileSync(join(root, file), 'utf8').split('\n');
      return lines.filter((line) => code.test(line)).length > MOST_LINES;
    });
    expect(long).toEqual([]);
  });
});
