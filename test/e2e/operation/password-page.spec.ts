import { createHash } from 'node:crypto';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { script } from '../../../src/http/pages/password-page.js';
import type { Answer } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { until } from '../../support/views.js';

let app: RunningApp;
let page: Answer;

beforeAll(async () => {
  app = await RunningApp.start();
  page = await app.request('GET', '/password');
});

afterAll(() => app.stop());

const directives = () =>
  new Map(
    (page.headers.get('content-security-policy') ?? '').split(';').map((directive) => {
      const [name = '', ...values] = directive.trim().split(' ');
      return [name, values.join(' ')];
    }),
  );
const hashesOf = (element: string) =>
  [...page.text.matchAll(new RegExp(`<${element}[^>]*>([\\s\\S]*?)</${element}>`, 'g'))].map(
    ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );

test('it is a page, kept nowhere, framed by nobody, that tells nobody where it was', () => {
  expect(page.status).toBe(200);
  expect(Object.fromEntries(page.headers)).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
  });
});

test('its policy lets its own script and style run, and nothing else', () => {
  expect(hashesOf('script')).toHaveLength(1);
  expect(directives()).toEqual(
    new Map([
      ['default-src', "'none'"],
      ['script-src', hashesOf('script').join(' ')],
      ['style-src', hashesOf('style').join(' ')],
      ['connect-src', "'self'"],
      ['base-uri', "'none'"],
      ['form-action', "'none'"],
      ['frame-ancestors', "'none'"],
    ]),
  );
});

test('it needs nothing from elsewhere, and nothing that the policy would block', () => {
  expect(page.text).not.toMatch(/\b(src|href|action|on\w+|style)\s*=\s*["']/);
  expect(page.text).not.toMatch(/https?:/);
});

test('every field has a label, and every label a field', () => {
  const all = (pattern: RegExp) => [...page.text.matchAll(pattern)].map(([, id]) => id);
  const fields = all(/<input id="(\w+)"/g);
  expect(fields).toEqual(['email', 'password', 'again']);
  expect(all(/<label for="(\w+)"/g)).toEqual(fields);
});

test('it is the same for everybody, whatever stands in the address', async () => {
  for (const path of ['/password?token=mt_x_y', '/password?email=jane@example.com'])
    expect((await app.request('GET', path)).text).toBe(page.text);
});

describe('its script', () => {
  type Request = {
    readonly method?: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
  };

  /** Runs it as a browser would for an address, with as much of a document as it asks for. */
  function open(pathname: string, hash: string) {
    const sent: { readonly address: string; readonly request: Request }[] = [];
    const element = () => ({ hidden: true, value: '', focus: nothing, reset: nothing, textContent: '' });
    const elements = new Map(['message', 'email', 'password', 'again'].map((id) => [id, element()]));
    let submit = (_: object): unknown => undefined;
    const form = {
      ...element(),
      querySelector: () => ({ disabled: false }),
      addEventListener: (_: string, listener: typeof submit) => (submit = listener),
    };
    runInNewContext(script, {
      document: { querySelector: () => form, getElementById: (id: string) => elements.get(id) },
      location: { pathname, hash },
      history: { replaceState: nothing },
      addEventListener: nothing,
      fetch: (address: string, request: Request) => {
        sent.push({ address, request });
        const json = () => Promise.resolve({ email: 'jane@example.com' });
        return Promise.resolve({ ok: true, status: request.method === 'POST' ? 204 : 200, json });
      },
    });
    return { sent, form, elements, submit: () => submit({ preventDefault: nothing }) };
  }
  const nothing = () => undefined;

  test.each([
    ['/password', '/api/v2/password'],
    ['/password/', '/api/v2/password'],
    ['/behind/a/proxy/password', '/behind/a/proxy/api/v2/password'],
  ])('at %s asks %s, with the token in no address', async (pathname, api) => {
    const { sent, form, elements, submit } = open(pathname, '#mt_a_b');
    await until(() => !form.hidden);
    expect(elements.get('email')?.value).toBe('jane@example.com');
    await submit();
    expect(sent.map(({ address }) => address)).toEqual([api, api]);
    expect(sent[0]?.request.headers).toEqual({ authorization: 'Bearer mt_a_b' });
    expect(sent[1]?.request).toMatchObject({ method: 'POST', body: '{"token":"mt_a_b","password":""}' });
  });

  test('asks nothing where the address has no token', () => {
    expect(open('/password', '').sent).toEqual([]);
  });
});
