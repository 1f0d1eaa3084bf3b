import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import {
  addGroup,
  addPerson,
  type Company,
  openCompany,
  type Person,
  startService,
} from '../../support/people.js';
import { checkedExport, openAdas, walk } from './audit-scene.js';

const app = await startService();
let company: Company;
let guest: Person;
let group: string;

const log = (query: string) => company.admin.v2('GET', `/audit?${query}`);
const rows = (answer: Answer) => pick(answer, 'entries') as Record<string, unknown>[];

beforeAll(async () => {
  company = await openAdas(app);
  guest = await addPerson(app, company.admin, []);
  group = await addGroup(company.admin.v1, { name: 'Crew' });
  await guest.v1('PUT', `/groups/${group}`, { name: 'Mine' });
  await company.admin.v1('PUT', `/groups/${group}`, { name: 'Ours' });
  await guest.v2('GET', '/audit');
  await company.admin.v1('DELETE', `/users/${company.admin.id}`);
});

describe('outcome', () => {
  it('refused shows what was tried and refused, with its code, route and source', async () => {
    const [deletion, reading, renaming, ...others] = rows(await log('outcome=refused'));
    expect(others).toEqual([]);
    expect(deletion).toMatchObject({ route: 'DELETE /api/1.0/users/{id}', code: 'cannot_delete_self' });
    expect(reading).toMatchObject({ route: 'GET /api/v2/audit', status: 403 });
    expect(renaming).toMatchObject({
      ...{ outcome: 'refused', event: null, revision: null, status: 401, code: 'access_denied' },
      actor: { kind: 'user', id: guest.id },
      subjects: [{ type: 'group', id: group, name: 'Crew' }],
      source: { address: expect.any(String) },
    });
  });

  it('succeeded, which is meant without it, has the source of each entry', async () => {
    const [renamed] = rows(await log('type=GroupRenamed'));
    expect(renamed).toMatchObject({ outcome: 'succeeded', source: { address: expect.any(String) } });
    expect((await log('type=GroupRenamed&outcome=succeeded')).body).toEqual(
      (await log('type=GroupRenamed')).body,
    );
    const path = `/audit/${String(renamed?.['revision'])}`;
    expect((await company.admin.v2('GET', path)).body).toEqual(renamed);
  });

  it('any has both, by time, a page at a time, each once', async () => {
    const both = rows(await log('outcome=any&limit=1000'));
    const times = both.map(({ time }) => String(time));
    expect(times).toEqual([...times].sort().reverse());
    const kinds = both.map(({ outcome }) => outcome);
    expect(kinds.filter((one) => one === 'refused')).toHaveLength(3);
    expect(kinds.filter((one) => one === 'succeeded').length).toBe(rows(await log('limit=1000')).length);
    for (const limit of [1, 2, 5])
      expect(await walk(company.admin.v2, '/audit?outcome=any', limit)).toEqual(both);
    expect(await walk(company.admin.v2, '/audit?outcome=any&order=asc', 3)).toEqual([...both].reverse());
    expect(await walk(company.admin.v2, '/audit?outcome=refused', 1)).toHaveLength(3);
  });

  it('takes the filters', async () => {
    expect(rows(await log(`outcome=refused&actor=${guest.id}`))).toHaveLength(2);
    expect(rows(await log(`outcome=refused&actor!=${guest.id}`))).toHaveLength(1);
    expect(rows(await log(`outcome=refused&group=${group}`))).toHaveLength(1);
    expect(rows(await log('outcome=failed'))).toEqual([]);
  });

  it('is exported as it is listed, and the export is itself an attempt to read', async () => {
    const accept = (type: string) => ({ headers: { accept: type } });
    const path = '/audit?outcome=any';
    const listed = await walk(company.admin.v2, path, 100);
    const json = checkedExport(
      await company.admin.v2('GET', path, undefined, accept('application/x-ndjson')),
    );
    expect(json.lines.map((line) => JSON.parse(line) as unknown)).toEqual(listed);
    const [read] = rows(await log('outcome=read'));
    expect(read).toMatchObject({ outcome: 'read', route: 'GET /api/v2/audit', code: null });
    const csv = checkedExport(
      await company.admin.v2('GET', '/audit?outcome=refused', undefined, accept('text/csv')),
    );
    expect(csv.lines).toHaveLength(4);
    expect(csv.trailer).toMatch(/^# count=3 first=- last=- /);
  });

  it('any folds commands, each once among what was tried, in either order and in exports', async () => {
    const path = '/audit?outcome=any&fold=command';
    const folded = rows(await log('outcome=any&fold=command&limit=1000'));
    const commands = rows(await log('fold=command&limit=1000'));
    expect(folded.filter(({ outcome }) => outcome === 'succeeded')).toEqual(commands);
    expect(commands.some(({ count }) => Number(count) > 1)).toBe(true);
    expect(folded).toHaveLength(
      commands.length +
        rows(await log('outcome=any&limit=1000')).filter(({ event }) => event === null).length,
    );
    for (const limit of [1, 2]) {
      expect(await walk(company.admin.v2, path, limit)).toEqual(folded);
      expect(await walk(company.admin.v2, `${path}&order=asc`, limit)).toEqual([...folded].reverse());
    }
    expect(rows(await log('outcome=refused&fold=command'))).toEqual(rows(await log('outcome=refused')));
  });

  it('a reversed range is 400 whatever its ends are: revisions, times or one of each', async () => {
    const [newest, ...older] = rows(await log('limit=1000'));
    const oldest = older.at(-1);
    const [from, to] = [newest, oldest].map((row) => [String(row?.['revision']), String(row?.['time'])]);
    for (const outcome of ['refused', 'failed', 'read', 'any', 'succeeded'])
      for (const [late, early] of [0, 1, 2, 3].map((n) => [from?.[n % 2], to?.[n >> 1]])) {
        expect([
          outcome,
          late,
          early,
          (await log(`outcome=${outcome}&from=${late}&to=${early}`)).status,
        ]).toEqual([outcome, late, early, 400]);
        expect((await log(`outcome=${outcome}&from=${early}&to=${late}`)).status).toBe(200);
      }
  });

  it('is counted by stats, with the same filters, each attempt with its repetitions', async () => {
    type Count = { readonly key: string; readonly name?: string; readonly count: number };
    const counts = async (query: string) =>
      (await company.admin.v2('GET', `/audit/stats?${query}`)).body as readonly Count[];
    await guest.v1('PUT', `/groups/${group}`, { name: 'Mine' });
    const name = rows(await log('outcome=refused&limit=1000'))
      .map(({ actor }) => actor as { readonly id: string; readonly name: string })
      .find(({ id }) => id === guest.id)?.name;
    expect(await counts('outcome=refused&by=actor')).toEqual([
      { key: guest.id, name, count: 3 },
      { key: company.admin.id, name: 'Ada Admin', count: 1 },
    ]);
    for (const query of ['outcome=refused', 'outcome=read', 'outcome=any', `outcome=any&group=${group}`]) {
      const listed = rows(await log(`${query}&limit=1000`));
      const all = listed.reduce((sum, { repeated = 0 }) => sum + 1 + Number(repeated), 0);
      for (const by of ['hour', 'day', 'week', 'actor'])
        expect([
          query,
          by,
          (await counts(`${query}&by=${by}`)).reduce((sum, { count }) => sum + count, 0),
        ]).toEqual([query, by, all]);
    }
    expect(await counts('outcome=refused&by=category')).toEqual([]);
    expect(await counts('outcome=any&by=event')).toEqual(await counts('by=event'));
    expect(await counts('outcome=succeeded&by=actor')).toEqual(await counts('by=actor'));
    for (const query of [
      'by=day&outcome=lost',
      'by=day&outcome=any&fold=command',
      'by=day&outcome=any&order=asc',
    ])
      expect((await company.admin.v2('GET', `/audit/stats?${query}`)).status).toBe(400);
    expect((await company.admin.v2('GET', '/audit/stats?by=day&outcome=any&from=999999')).status).toBe(400);
  });

  it.each(['outcome=lost', 'outcome=', 'outcome=any&outcome=read'])('%s is 400', async (query) =>
    expect((await log(query)).status).toBe(400),
  );

  it('has cursors of its own, and refuses those of others', async () => {
    const cursor = String(pick(await log('outcome=any&limit=1'), 'next_cursor'));
    for (const query of [
      'outcome=refused',
      'outcome=succeeded',
      'outcome=any&order=asc',
      'outcome=any&via=v1',
    ])
      expect((await log(`${query}&cursor=${cursor}`)).status).toBe(400);
    for (const bad of ['x', '', 'W10', 'bnVsbA'])
      expect((await log(`outcome=any&cursor=${bad}`)).status).toBe(400);
    expect((await log('outcome=refused&from=999999')).status).toBe(400);
    const other = await openCompany(app);
    expect(rows(await other.admin.v2('GET', '/audit?outcome=refused'))).toEqual([]);
  });
});
