import { beforeAll, expect, test } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { Company, expectProblem } from '../v2/company.js';
import { startService } from '../../support/people.js';

const app = await startService();
let company: Company;
let jane: string;
let group: string;
let [joined, left] = [0, 0];

const revisionOf = (answer: Answer) => Number(answer.headers.get('muster-revision')?.split('@')[1]);
const because = (reason: string) => ({ headers: { 'muster-reason': reason } });
const explain = (permission: string, more = '', key?: string) =>
  company.call('GET', `/users/${jane}/effective-permissions?permission=${permission}${more}`, undefined, key);

beforeAll(async () => {
  company = await Company.first(app);
  group = await company.group(['klip.edit']);
  jane = await company.user({ roles: [await company.role(['user.view'])] });
  joined = revisionOf(await app.v2()('PUT', `/groups/${group}/users/${jane}`, {}, because('Joins')));
  left = revisionOf(await app.v2()('DELETE', `/groups/${group}/users/${jane}`, undefined, because('Leaves')));
});

const by = () => ({ kind: 'user', id: company.admin.id, name: expect.any(String) });
const time = expect.stringMatching(/^\d{4}-.*Z$/);

test('a permission that is held is told with each way, since when, by whom and why', async () => {
  const answer = await explain('klip.edit', `&as_of=${joined}`);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    ...{ permission: 'klip.edit', held: true, last: null },
    paths: [
      {
        type: 'group',
        id: group,
        name: 'Group',
        since: { revision: joined, time, by: by(), reason: 'Joins' },
      },
    ],
  });
});

test('one that is not held is told with the way that ended last', async () => {
  expect((await explain('klip.edit')).body).toEqual({
    ...{ permission: 'klip.edit', held: false, paths: [] },
    last: {
      ...{ type: 'group', id: group, name: 'Group' },
      since: { revision: joined, time, by: by(), reason: 'Joins' },
      until: { revision: left, time, by: by(), reason: 'Leaves' },
    },
  });
});

test('one that was never held has no last way, nor one that nobody has heard of', async () => {
  for (const permission of ['account.usage', 'no.such'])
    expect((await explain(permission)).body).toEqual({ permission, held: false, paths: [], last: null });
});

test('an Admin holds each by the role Admin', async () => {
  const path = `/users/${company.admin.id}/effective-permissions?permission=klip.edit`;
  const answer = await company.call('GET', path);
  expect(pick(answer, 'held')).toBe(true);
  expect(pick(answer, 'paths')).toContainEqual(expect.objectContaining({ type: 'role', name: 'Admin' }));
});

test.each(['permission=', 'permission=a&permission=b', 'permission=a&as_of=x', 'permission=a&by=x'])(
  '%s is 400',
  async (query) => {
    const answer = await company.call('GET', `/users/${jane}/effective-permissions?${query}`);
    expectProblem(answer, 400, 'bad_request');
  },
);

test('needs a right to read the log besides that of the route', async () => {
  const manager = await company.personWith('user.manage');
  const reader = await company.personWith('audit.read');
  const both = await company.personWith('user.view', 'audit.read');
  expectProblem(await explain('klip.edit', '', manager.key), 403, 'access_denied');
  expectProblem(await explain('klip.edit', '', reader.key), 403, 'access_denied');
  expect((await explain('klip.edit', '', both.key)).status).toBe(200);
  const own = `/users/${reader.id}/effective-permissions?permission=audit.read`;
  expect(pick(await company.call('GET', own, undefined, reader.key), 'held')).toBe(true);
});

test('a user whom nobody knows then is 404', async () => {
  const path = (id: string) => `/users/${id}/effective-permissions?permission=klip.edit`;
  expectProblem(await company.call('GET', path('nobody')), 404, 'user_not_found');
  const later = await company.user();
  expectProblem(await company.call('GET', `${path(later)}&as_of=${left}`), 404, 'user_not_found');
});
