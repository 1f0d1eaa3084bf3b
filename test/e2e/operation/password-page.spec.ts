import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Answer } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';

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
  for (const path of ['/password/', '/password?token=mt_x_y', '/password?email=jane@example.com'])
    expect((await app.request('GET', path)).text).toBe(page.text);
});
