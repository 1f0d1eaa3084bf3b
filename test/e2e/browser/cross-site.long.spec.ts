import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, type BrowserContext, chromium, type Response } from 'playwright-core';
import { pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { chromiumPath, ForeignPage } from '../../support/browser.js';
import { ADMIN } from '../../support/people.js';

const [username, password] = ['admin@example.com', 'admin-password'];

/** A form whose one field makes a text that is JSON: no script is needed, and no permission of the server. */
function formTo(url: string): string {
  const admin = { first_name: 'Eve', last_name: 'Evil', email: 'eve@evil.example', roles: [ADMIN], x: '' };
  const [name = '', value = ''] = JSON.stringify(admin).split('""}');
  const field = `<input name='${name}"' value='${value}"}'>`;
  return `<form method="post" enctype="text/plain" action="${url}">${field}<button>Win</button></form>`;
}

// On a machine without a browser: install Debian's package chromium, or name another by CHROMIUM.
(chromiumPath === undefined ? describe.skip : describe)(
  'X89: in a browser that has signed in (needs Chromium)',
  () => {
    let app: RunningApp;
    let browser: Browser;
    let context: BrowserContext;
    let foreign: ForeignPage;

    beforeAll(async () => {
      app = await RunningApp.start();
      foreign = await ForeignPage.serve(formTo(`${app.url}/api/1.0/users`));
      browser = await chromium.launch({ executablePath: String(chromiumPath), args: ['--no-sandbox'] });
      context = await browser.newContext({ httpCredentials: { username, password } });
      const page = await context.newPage();
      await page.goto(`${app.url}/password`);
      expect(await page.evaluate(async () => (await fetch('/api/1.0/profile')).status)).toBe(200);
      await page.close();
    });
    afterAll(async () => {
      await browser.close();
      await foreign.close();
      await app.stop();
    });

    const users = async () => pick(await app.v1()('GET', '/users'), 'meta', 'total');

    it.each([
      ['another site', 'localhost', 'cross-site'],
      ['another port of the same site', '127.0.0.1', 'same-site'],
    ])('a form on %s makes no user', async (_, host, site) => {
      const before = await users();
      const page = await context.newPage();
      await page.goto(`http://${host}:${foreign.port}/`);
      const sent = page.waitForResponse((response: Response) => response.request().method() === 'POST');
      await page.click('button');
      const answer = await sent;
      expect((await answer.request().allHeaders())['sec-fetch-site']).toBe(site);
      expect([answer.status(), ((await answer.json()) as { meta: object }).meta]).toEqual([
        403,
        expect.objectContaining({ error_code: 'cross_site' }),
      ]);
      expect(await users()).toBe(before);
      await page.close();
    });

    it('a script on another site changes nothing', async () => {
      const before = await users();
      const page = await context.newPage();
      await page.goto(`http://localhost:${foreign.port}/`);
      const sent = page.waitForResponse((response: Response) => response.request().method() === 'POST');
      const url = `${app.url}/api/1.0/groups`;
      await page.evaluate(
        (to) =>
          fetch(to, { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"name":"Evil"}' }),
        url,
      );
      expect((await sent).status()).toBe(403);
      expect(await users()).toBe(before);
      await page.close();
    });

    it('a page of the service itself goes on as before', async () => {
      const page = await context.newPage();
      await page.goto(`${app.url}/password`);
      const status = await page.evaluate(async () => {
        const headers = { 'content-type': 'application/json' };
        const answer = await fetch('/api/1.0/groups', { method: 'POST', headers, body: '{"name":"Own"}' });
        return answer.status;
      });
      expect(status).toBe(201);
      await page.close();
    });

    it('who follows a link is asked for no password', async () => {
      const stranger = await browser.newContext();
      const page = await stranger.newPage();
      const answer = await page.goto(`${app.url}/api/1.0/users`);
      expect([answer?.status(), (await answer?.allHeaders())?.['www-authenticate']]).toEqual([
        401,
        undefined,
      ]);
      await stranger.close();
    });
  },
);
