import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';
import { startService } from '../../support/people.js';
import { Company, expectProblem } from '../v2/company.js';

const app = await startService();
let company: Company;
let jane: string;
let [managers, role] = ['', ''];
/** Before all changes, and the revision of each. */
let start = 0;
const done: Record<string, number> = {};

const revisionOf = (answer: Answer) => Number(answer.headers.get('muster-revision')?.split('@')[1]);
const diff = (query: string, key?: string) => company.call('GET', `/diff?${query}`, undefined, key);
const changesOf = (answer: Answer) => {
  expect(answer.status).toBe(200);
  return pick(answer, 'changes') as Record<string, unknown>[];
};

beforeAll(async () => {
  company = await Company.open(app);
  managers = await company.group(['klip.edit']);
  role = await company.role(['user.view']);
  jane = await company.user({ first_name: 'Jane', last_name: 'Doe' });
  start = revisionOf(await company.call('GET', '/account'));
  const v1 = app.v1(company.admin.key);
  done['renamed'] = revisionOf(await v1('PUT', `/users/${jane}`, { last_name: 'Poe' }));
  done['joined'] = revisionOf(await company.call('PUT', `/groups/${managers}/users/${jane}`));
  done['edits'] = revisionOf(
    await company.call('PUT', `/groups/${managers}/users/${jane}`, { can_edit: true }),
  );
  done['given'] = revisionOf(await v1('PUT', `/users/${jane}/roles/${role}`));
});

const subject = () => ({ type: 'user', id: jane, name: 'Jane Poe' });
const group = () => ({ type: 'group', id: managers, name: 'Group' });

test('with user= it tells what changed of the user, the other side by its name, and because of what', async () => {
  const answer = await diff(`from=${start}&user=${jane}`);
  expect(answer.status).toBe(200);
  const about = { subject: subject() };
  expect(answer.body).toEqual({
    from: start,
    to: done['given'],
    changes: [
      {
        ...about,
        kind: 'attribute',
        what: 'last_name',
        before: 'Doe',
        after: 'Poe',
        because: [done['renamed']],
      },
      {
        ...{ ...about, kind: 'membership', what: group(), before: null, after: { can_edit: true } },
        because: [done['edits']],
      },
      {
        ...{
          ...about,
          kind: 'role',
          what: { type: 'role', id: role, name: 'Role' },
          before: null,
          after: true,
        },
        because: [done['given']],
      },
      {
        ...{ ...about, kind: 'permission', what: 'user.view', before: expect.any(Array) },
        after: expect.arrayContaining([{ type: 'role', id: role, name: 'Role' }]),
        because: [done['given']],
      },
      {
        ...{ ...about, kind: 'permission', what: 'klip.edit', before: [], after: [group()] },
        because: [done['joined']],
      },
    ].sort((a, b) => order(a) - order(b)),
  });
  expect(answer.headers.get('muster-revision')).toBe(`${company.id}@${done['given']}`);

  function order({ kind, what }: { kind: string; what: unknown }): number {
    const places = ['attribute', 'membership', 'role', 'permission'];
    const told = (answer.body as { changes: { kind: string; what: unknown }[] }).changes;
    const same = told.findIndex(
      (one) => one.kind === kind && JSON.stringify(one.what) === JSON.stringify(what),
    );
    return places.indexOf(kind) * 100 + same;
  }
});

test('with group= the subject is the group, and what is the member', async () => {
  const changes = changesOf(await diff(`from=${start}&group=${managers}`));
  expect(changes).toEqual([
    {
      ...{ subject: group(), kind: 'membership', what: subject(), before: null, after: { can_edit: true } },
      because: [done['edits']],
    },
  ]);
});

test('with role= it tells the holders', async () => {
  const changes = changesOf(await diff(`from=${start}&role=${role}`));
  expect(changes).toEqual([
    expect.objectContaining({
      kind: 'role',
      what: subject(),
      before: null,
      after: true,
      because: [done['given']],
    }),
  ]);
});

test('without a subject it tells of the whole account, also who holds something by a changed group', async () => {
  const before = revisionOf(await company.call('GET', '/account'));
  const changed = revisionOf(
    await company.call('PATCH', `/groups/${managers}`, { permissions: ['klip.edit', 'klip.view'] }),
  );
  const created = await company.group();
  const changes = changesOf(await diff(`from=${before}`));
  expect(changes).toEqual([
    {
      ...{ subject: subject(), kind: 'permission', what: 'klip.view' },
      ...{ before: expect.any(Array), after: expect.arrayContaining([group()]), because: [changed] },
    },
    {
      ...{
        subject: { type: 'group', id: created, name: 'Group' },
        kind: 'existence',
        what: null,
        before: null,
      },
      ...{ after: { name: 'Group', description: '', external_id: null }, because: [expect.any(Number)] },
    },
  ]);
  const own = changesOf(await diff(`from=${before}&group=${managers}`));
  expect(own).toEqual([
    {
      ...{ subject: group(), kind: 'permission', what: 'klip.view', before: [], after: [group()] },
      because: [changed],
    },
  ]);
});

test('a deletion is told with what there was, and the other side loses it', async () => {
  const gone = await company.group(['klip.delete']);
  await company.call('PUT', `/groups/${gone}/users/${jane}`);
  const before = revisionOf(await company.call('GET', '/account'));
  const deleted = revisionOf(await company.call('DELETE', `/groups/${gone}`));
  const thing = { type: 'group', id: gone, name: 'Group' };
  const changes = changesOf(await diff(`from=${before}`));
  expect(changes).toContainEqual({
    ...{ subject: thing, kind: 'existence', what: null, after: null, because: [deleted] },
    before: { name: 'Group', description: '', external_id: null },
  });
  expect(changes).toContainEqual({
    ...{ subject: subject(), kind: 'membership', what: thing, before: { can_edit: false }, after: null },
    because: [deleted],
  });
});

test('what was undone in between is no change', async () => {
  const before = revisionOf(await company.call('GET', '/account'));
  const passing = await company.group();
  await company.call('PUT', `/groups/${passing}/users/${jane}`);
  await company.call('DELETE', `/groups/${passing}/users/${jane}`);
  await company.call('DELETE', `/groups/${passing}`);
  expect(changesOf(await diff(`from=${before}`))).toEqual([]);
  expect(changesOf(await diff(`from=${before}&user=${jane}`))).toEqual([]);
});

test('a renamed account is told as such', async () => {
  const before = revisionOf(await company.call('GET', '/account'));
  const renamed = revisionOf(await company.call('PATCH', '/account', { name: 'Other name' }));
  expect(changesOf(await diff(`from=${before}&to=${renamed}`))).toEqual([
    {
      ...{
        subject: { type: 'account', id: company.id, name: 'Other name' },
        kind: 'attribute',
        what: 'name',
      },
      ...{ before: 'Other Ltd', after: 'Other name', because: [renamed] },
    },
  ]);
});

test('times mean what they mean everywhere, and a revision inside a command its end', async () => {
  const answer = await diff(`from=${start - 1}&to=${new Date().toISOString()}`);
  expect(pick(answer, 'from')).toBe(start);
});

test('an id that nobody has is 200 with nothing', async () => {
  const other = await Company.first(app);
  for (const id of ['nobody', other.admin.id])
    expect(changesOf(await diff(`from=${start}&user=${id}`))).toEqual([]);
});

describe('It is 400', () => {
  test.each([
    ['', 'without from'],
    ['from=', 'with a blank one'],
    ['from=x', 'with one that is none'],
    ['from=999999', 'with one beyond the head'],
    ['from=1&to=999999', 'with an end beyond the head'],
    ['from=1&to=3026-03-03T00:00:00Z', 'with an end in the future'],
    ['from=1996-03-03T00:00:00Z', 'from before the account existed'],
    ['from=1&from=2', 'with two of them'],
    ['from=1&user=a&group=b', 'about two things'],
    ['from=1&user=a&user=b', 'about two users'],
    ['from=1&user=', 'about a blank one'],
    ['from=1&as_of=2', 'as of a moment'],
    ['from=1&limit=2', 'with an unknown parameter'],
  ])('%s: %s', async (query) => {
    expectProblem(await diff(query), 400, 'bad_request');
  });
});

test('the wrong way round it is 400', async () => {
  expectProblem(await diff(`from=${done['joined']}&to=${start}`), 400, 'bad_request');
});

test('the wrong way round it is 400 also where both mean the end of one command', async () => {
  expectProblem(await diff('from=2&to=1'), 400, 'bad_request');
  const [later, sooner] = [new Date().toISOString(), new Date(Date.now() - 1).toISOString()];
  expectProblem(await diff(`from=${later}&to=${sooner}`), 400, 'bad_request');
  expect(changesOf(await diff('from=1&to=2'))).toEqual([]);
  expect(changesOf(await diff(`from=${sooner}&to=${later}`))).toEqual([]);
});

test('needs audit.read or account.usage', async () => {
  const { key } = await company.personWith('user.manage');
  expectProblem(await diff(`from=${start}`, key), 403, 'access_denied');
  const reader = await company.personWith('audit.read');
  expect((await diff(`from=${start}`, reader.key)).status).toBe(200);
});

test('is readable of a closed client account', async () => {
  const client = await company.client();
  const from = revisionOf(await company.call('GET', `/account?client_id=${client}`));
  const created = await company.group([], client);
  await app.v1(company.admin.key)('DELETE', `/clients/${client}`);
  const changes = changesOf(await diff(`from=${from}&client_id=${client}&group=${created}`));
  expect(changes).toMatchObject([{ kind: 'existence', before: null }]);
});

test('of a log in a file is made on another thread', async () => {
  const other = await RunningApp.start({ EVENT_STORE: 'sqlite' });
  try {
    const first = await Company.first(other);
    const from = revisionOf(await first.call('GET', '/account'));
    const id = await first.group();
    const changes = changesOf(await first.call('GET', `/diff?from=${from}`));
    expect(changes).toMatchObject([{ subject: { type: 'group', id }, kind: 'existence' }]);
  } finally {
    await other.stop();
  }
});
