import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Answer } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { Company } from '../v2/company.js';

let app: RunningApp;
let company: Company;

beforeAll(async () => {
  app = await RunningApp.start();
  company = await Company.first(app);
});

afterAll(() => app.stop());

const metrics = () => app.request('GET', '/metrics');

/** The value of one series, 0 when there is none. */
async function value(series: string): Promise<number> {
  const line = (await metrics()).text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
}

/** How much a series moves while something is done. */
async function moves(series: string, action: () => Promise<Answer>): Promise<number> {
  const before = await value(series);
  await action();
  return (await value(series)) - before;
}

const requests = (method: string, route: string, status: number) =>
  `muster_http_request_duration_seconds_count{method="${method}",route="${route}",status="${status}"}`;
const commands = (command: string, outcome: string) =>
  `muster_commands_total{command="${command}",outcome="${outcome}"}`;

test('/metrics speaks the text format of Prometheus', async () => {
  const answer = await metrics();
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  // prom-client writes Nan, which Prometheus takes as well, for a mean of no samples.
  const sample = /^[a-zA-Z_:][\w:]*(\{(\w+="[^"]*",?)+\})? (-?[\d.e+-]+|Na[Nn]|[+-]Inf)$/;
  const lines = answer.text.split('\n').filter((line) => line !== '' && !/^# (HELP|TYPE) \w+ .+/.test(line));
  expect(lines.length).toBeGreaterThan(50);
  expect(lines.filter((line) => !sample.test(line))).toEqual([]);
  const names = lines.map((line) => /^\w+/.exec(line)?.[0]);
  expect(names).toEqual(expect.arrayContaining(['muster_views_caught_up', 'process_resident_memory_bytes']));
});

test('requests are counted by method, route and status', async () => {
  const read = () => company.call('GET', '/groups');
  expect(await moves(requests('GET', '/api/v2/groups', 200), read)).toBe(1);
  const unknown = () => company.call('GET', '/groups/nobody');
  expect(await moves(requests('GET', '/api/v2/groups/:groupId', 404), unknown)).toBe(1);
  const anonymous = () => app.request('GET', '/api/1.0/users?email=x');
  expect(await moves(requests('GET', '/api/1.0/users', 401), anonymous)).toBe(1);
});

test('addresses where nothing is share one series, whatever they are', async () => {
  const nowhere = () => app.request('GET', '/wp-login.php');
  expect(await moves(requests('GET', 'unknown', 404), nowhere)).toBe(1);
  expect((await metrics()).text).not.toContain('wp-login');
});

test('commands are counted by their outcome: done, nothing, or the code of the refusal', async () => {
  const create = () => company.call('POST', '/groups', { name: 'Counted', permissions: [] });
  expect(await moves(commands('CreateGroup', 'done'), create)).toBe(1);
  const path = `/groups/${await company.group()}`;
  const rename = () => company.call('PUT', path, { name: 'Renamed' });
  expect(await moves(commands('UpdateGroup', 'done'), rename)).toBe(1);
  expect(await moves(commands('UpdateGroup', 'nothing'), rename)).toBe(1);
  const builtIn = `/groups/${await company.allUsersGroup()}`;
  const refused = () => company.call('DELETE', builtIn);
  expect(await moves(commands('DeleteGroup', 'built_in_group'), refused)).toBe(1);
});

test('no series tells an id, a name or an address', async () => {
  const user = await company.user({ first_name: 'Ottokar', email: 'ottokar@example.com' });
  await company.call('GET', `/users/${user}/keys?client_id=${company.id}`);
  expect((await metrics()).text).not.toMatch(new RegExp(`${user}|${company.id}|Ottokar|ottokar|Counted`));
});

test('methods that no route has share one series, whatever they are', async () => {
  const odd = () => app.request('PROPFIND', '/api/v2/groups');
  expect(await moves(requests('other', 'unknown', 404), odd)).toBe(1);
  await app.request('MKCALENDAR', '/nowhere');
  expect((await metrics()).text).not.toMatch(/PROPFIND|MKCALENDAR/);
});
