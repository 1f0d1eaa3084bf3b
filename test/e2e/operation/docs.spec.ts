import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { RunningApp } from '../../support/app.js';
import { type AsyncApi, faultsOfMessage } from '../../support/async-api.js';
import { OpenApiDocument } from './openapi-document.js';

let app: RunningApp;

beforeAll(async () => {
  app = await RunningApp.start();
});

afterAll(() => app.stop());

/** The part of the document that says where the service is. */
interface Described {
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, { readonly servers?: readonly { readonly url: string }[] }>>;
}

const paths = [
  ...['/openapi.json', '/openapi.yaml', '/asyncapi.json'],
  ...['/docs', '/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js'],
];

interface Raw {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

/** What comes over the wire: fetch unpacks what is compressed. */
function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const sent = request(app.url + path, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject).end();
  });
}

const unpack = { br: brotliDecompressSync, gzip: gunzipSync, identity: (bytes: Buffer) => bytes };

describe.each(paths)('%s', (path) => {
  test.each([
    ['br', 'gzip, deflate, br'],
    ['br', 'br;q=1, gzip;q=0.5'],
    ['gzip', 'gzip'],
    ['gzip', 'GZIP, br;q=0'],
    ['gzip', 'br;q=0.2, gzip;q=0.8'],
    ['identity', 'deflate, zstd'],
    ['identity', 'identity'],
    ['identity', 'gzip;q=0'],
    ['identity', ''],
  ] as const)('comes as %s to who accepts "%s"', async (coding, accepted) => {
    const [plain, answer] = [await get(path), await get(path, { 'accept-encoding': accepted })];
    expect(answer.headers['content-encoding']).toBe(coding === 'identity' ? undefined : coding);
    expect(answer.headers['vary']).toBe('Accept-Encoding');
    expect(unpack[coding](answer.bytes).equals(plain.bytes)).toBe(true);
    expect(Number(answer.headers['content-length'])).toBe(answer.bytes.length);
    if (coding !== 'identity') expect(answer.bytes.length).toBeLessThan(plain.bytes.length);
  });

  test('is not sent again to who has it already', async () => {
    for (const accepted of ['br', 'gzip', 'identity']) {
      const known = { 'accept-encoding': accepted };
      const etag = String((await get(path, known)).headers['etag']);
      expect(etag).toMatch(/^"[\w-]+"$/);
      for (const match of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const answer = await get(path, { ...known, 'if-none-match': match });
        expect([answer.status, answer.bytes.length, answer.headers['etag']]).toEqual([304, 0, etag]);
      }
      expect((await get(path, { ...known, 'if-none-match': '"other"' })).status).toBe(200);
    }
  });

  test('answers HEAD without a body', async () => {
    const [head, whole] = [await get(path, {}, 'HEAD'), await get(path)];
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
    expect(head.headers['etag']).toBe(whole.headers['etag']);
  });
});

test('the YAML says what the JSON says', async () => {
  const [json, yaml] = [await app.request('GET', '/openapi.json'), await app.request('GET', '/openapi.yaml')];
  expect([json.headers.get('content-type'), yaml.headers.get('content-type')]).toEqual([
    ...['application/json; charset=utf-8', 'application/yaml; charset=utf-8'],
  ]);
  expect(parse(yaml.text)).toEqual(json.body);
});

test('/asyncapi.json needs no credential, has the parameters of the feed, and describes its pages', async () => {
  const document = (await app.request('GET', '/asyncapi.json')).body as AsyncApi;
  const { operations } = await OpenApiDocument.of(app);
  const feed = operations.find(({ path, method }) => path === '/api/v2/events' && method === 'GET');
  const names = feed?.parameters.filter((one) => one.in === 'query').map(({ name }) => name) ?? [];
  const asked = (name: string) =>
    Object.keys(document.operations[name]?.bindings.http.query?.properties ?? {});
  expect(names).toContain('types');
  expect(asked('readFeed')).toEqual(names);
  expect(asked('followStream')).toEqual(names.filter((name) => name !== 'limit' && name !== 'wait'));
  const page = (await app.v2()('GET', '/events')).body;
  expect(faultsOfMessage(document, 'Page', page)).toEqual([]);
});

test('servers and what /docs loads are relative: they are found behind a path prefix, too', async () => {
  const urls = [...(await app.request('GET', '/openapi.json')).text.matchAll(/"url":"([^"]*)"/g)].map(
    ([, url]) => url,
  );
  expect(
    urls.filter(
      (url) =>
        !/^(\.|\.\/api\/1(\.0)?|https:\/\/opensource\.org\/license\/mit|https:\/\/hooks\.example\.com\/muster)$/.test(
          url ?? '',
        ),
    ),
  ).toEqual([]);
  const page = (await app.request('GET', '/docs')).text;
  const loaded = [...page.matchAll(/(?:src|href|url)[=:] ?["']([^"']+)["']/g)].map(([, url = '']) => url);
  expect(loaded.filter((url) => url !== 'data:,')).toEqual([
    ...['./docs/swagger-ui.css', './docs/swagger-ui-bundle.js', './openapi.json'],
  ]);
});

test('nothing else of Swagger UI is served', async () => {
  for (const name of [
    ...[
      'index.html',
      'index.css',
      'swagger-initializer.js',
      'swagger-ui-init.js',
      'oauth2-redirect.html',
      'README.md',
    ],
    ...['swagger-ui.js', 'swagger-ui-bundle.js.map', 'swagger-ui-es-bundle.js', 'package.json', 'LICENSE'],
    ...[
      'swagger-ui-standalone-preset.js',
      'favicon-32x32.png',
      '..%2fpackage.json',
      'index.js',
      'absolute-path.js',
    ],
  ])
    expect([name, (await get(`/docs/${name}`)).status]).toEqual([name, 404]);
});

test('MUSTER_DOCS=off: there is neither a document nor a page for it, and nobody is sent there', async () => {
  const quiet = await RunningApp.start({ MUSTER_DOCS: 'off' });
  for (const path of paths) expect((await quiet.request('GET', path)).status).toBe(404);
  expect((await quiet.request('GET', '/')).text).not.toMatch(/docs|openapi|asyncapi/);
  expect((await quiet.v2()('GET', '/account')).status).toBe(200);
  await quiet.stop();
});

test('MUSTER_PUBLIC_URL is what the document and its page go by, and a port of its own takes health off the front page', async () => {
  const away = await RunningApp.start({
    ...{ MUSTER_PUBLIC_URL: 'https://example.org/muster/', MUSTER_OPERATIONS_PORT: '0' },
  });
  const { servers, paths } = (await away.request('GET', '/openapi.json')).body as Described;
  expect(servers.map(({ url }) => url)).toEqual(['https://example.org/muster']);
  expect(paths['/users']?.servers?.map(({ url }) => url)).toEqual([
    ...['https://example.org/muster/api/1.0', 'https://example.org/muster/api/1'],
  ]);
  const { headers } = await away.request('GET', '/docs');
  expect(headers.get('content-security-policy')).toContain("connect-src 'self' https://example.org;");
  expect((await away.request('GET', '/')).text).not.toContain('health');
  await away.stop();
});

describe('pages', () => {
  const pages = ['/', '/docs', '/password'];

  test.each(pages)(
    '%s may load what it names, is framed by nobody and tells nobody where it stands',
    async (path) => {
      const { headers } = await app.request('GET', path);
      const policy = (headers.get('content-security-policy') ?? '').split('; ');
      expect(policy).toEqual(
        expect.arrayContaining([
          ...["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
        ]),
      );
      expect(policy.join()).not.toMatch(/unsafe|https?:|\*/);
      const names = [
        'content-type',
        'cache-control',
        'referrer-policy',
        'x-frame-options',
        'x-content-type-options',
      ];
      expect(names.map((name) => headers.get(name))).toEqual([
        ...['text/html; charset=utf-8', 'no-store', 'no-referrer', 'DENY', 'nosniff'],
      ]);
    },
  );

  test('/ says what this is and links to what a newcomer wants, relatively', async () => {
    const { status, text } = await app.request('GET', '/', { headers: { accept: 'text/html' } });
    expect([status, text]).toEqual([200, expect.stringContaining('<h1>Muster</h1>')]);
    const links = [...text.matchAll(/<a href="([^"]+)"/g)].map(([, link = '']) => link);
    expect(links).toEqual(['./docs', './openapi.json', './asyncapi.json', './health/ready']);
    for (const link of links) expect((await fetch(new URL(link, `${app.url}/`))).status).toBe(200);
  });
});

test('every answer of every route, and of none, is to be taken for what it says it is', async () => {
  const { operations } = await OpenApiDocument.of(app);
  const asked: [string, string][] = [
    ...operations.map(({ method, path }): [string, string] => [method, path.replace(/\{\w+\}/g, 'x')]),
    ...paths.map((path): [string, string] => ['GET', path]),
    ...(['/nothing', '/api/1.0/nothing', '/api/v2/groups/%zz', '/docs/nothing'] as const).map(
      (path): [string, string] => ['GET', path],
    ),
    ...[['DELETE', '/'] as [string, string], ['QUERY', '/api/v2/groups'] as [string, string]],
  ];
  for (const [method, path] of asked)
    for (const headers of [{}, { authorization: 'Bearer admin-key', 'kf-api-key': 'admin-key' }]) {
      const answer = await get(path, headers, method);
      expect([path, answer.headers['x-content-type-options']]).toEqual([path, 'nosniff']);
    }
});
