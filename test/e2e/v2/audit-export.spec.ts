import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AuditLog } from '../../../src/audit/audit-log.js';
import { addGroup, addUser, type Company, startService } from '../../support/people.js';
import { checkedExport, entries, openAdas } from './audit-scene.js';

const app = await startService();
let company: Company;

beforeAll(async () => {
  company = await openAdas(app);
  await addGroup(company.admin.v1, { name: '=HYPERLINK("x")', description: 'two\nlines, "quoted"' });
});

const exported = (accept: string, query = '') =>
  company.admin.v2('GET', `/audit${query}`, undefined, { headers: { accept } });

describe('An export of the audit log', () => {
  it('as NDJSON has every entry, and a last line that says it is whole', async () => {
    const answer = await exported('application/x-ndjson');
    expect(answer.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
    const { lines, trailer } = checkedExport(answer);
    const all = await entries(company.admin.v2, '?limit=1000');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(all);
    expect(JSON.parse(trailer)).toEqual({
      ...{ end: true, count: all.length, first: all[0]?.revision, last: 0 },
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('takes the filters, the order and the fold', async () => {
    const { lines, trailer } = checkedExport(
      await exported('application/x-ndjson', '?order=asc&fold=command'),
    );
    const all = await entries(company.admin.v2, '?order=asc&fold=command&limit=1000');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(all);
    expect(JSON.parse(trailer)).toMatchObject({ count: all.length, first: all[0]?.revision });
    const none = checkedExport(await exported('application/x-ndjson', '?actor=nobody'));
    expect(none.lines).toEqual([]);
    expect(JSON.parse(none.trailer)).toMatchObject({ count: 0, first: null, last: null });
  });

  it('as CSV has a header, lines that end in CRLF, and no formula', async () => {
    const answer = await exported('text/csv', '?type=GroupCreated');
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
    const [header, line = '', trailer] = answer.text.split('\r\n');
    expect(header).toBe(
      'revision,time,outcome,event,summary,actor_kind,actor_id,actor_name,credential_kind,credential_id,' +
        'credential_name,via,request_id,command_id,reason,category,privileged,subjects,changes,caused_by,code,' +
        'source_address,source_user_agent',
    );
    expect(line).toContain(',succeeded,GroupCreated,');
    expect(line).toContain('""name"":""=HYPERLINK');
    expect(trailer).toMatch(/^# count=1 first=\d+ last=\d+ sha256=[0-9a-f]{64}$/);
    checkedExport(answer);
    const summary = await addUser(company.admin.v1, { first_name: '=1+1' });
    const renamed = await exported('text/csv', `?user=${summary}&type=UserCreated`);
    expect(renamed.text).not.toMatch(/(^|,)=/m);
  });

  it('sees all that a deletion ended, of which a page shows a thousand', async () => {
    const group = await addGroup(company.admin.v1, { name: 'Many' });
    const user = await addUser(company.admin.v1);
    await company.admin.v1('PUT', `/users/${user}/groups/${group}`);
    await company.admin.v1('DELETE', `/groups/${group}`);
    const { lines } = checkedExport(
      await exported('application/x-ndjson', `?type=GroupDeleted&group=${group}`),
    );
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ subjects: [{ id: group }, { id: user }] });
  });

  it.each(['limit=5', 'cursor=x', 'limit=1&cursor=x', 'nonsense=1', 'type=Nonsense', 'from=999999'])(
    'with %s is 400, as problem details',
    async (query) => {
      const answer = await exported('application/x-ndjson', `?${query}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        400,
        expect.stringMatching(/^application\/problem\+json/),
      ]);
    },
  );

  it('is cut, not ended, when the log cannot be read on', async () => {
    const log = app.app.get(AuditLog);
    const whole = log.export.bind(log);
    const spy = jest.spyOn(log, 'export').mockImplementation(async function* (...asked) {
      yield* whole(...asked);
      throw new Error('The log cannot be read on');
    });
    try {
      await expect(exported('application/x-ndjson')).rejects.toThrow();
    } finally {
      spy.mockRestore();
    }
    checkedExport(await exported('application/x-ndjson'));
  });

  it('makes no more of itself when the caller hangs up', async () => {
    const log = app.app.get(AuditLog);
    let ended: () => void = () => undefined;
    const end = new Promise<void>((resolve) => (ended = resolve));
    const whole = log.export.bind(log);
    const spy = jest.spyOn(log, 'export').mockImplementation(async function* (at, query, signal) {
      signal?.addEventListener('abort', () => ended());
      for (;;) {
        signal?.throwIfAborted();
        yield* whole(at, query);
      }
    });
    const hangUp = new AbortController();
    const headers = { authorization: `Bearer ${company.admin.key}`, accept: 'application/x-ndjson' };
    const answer = await fetch(`${app.url}/api/v2/audit`, { headers, signal: hangUp.signal });
    expect(answer.status).toBe(200);
    hangUp.abort();
    await end;
    spy.mockRestore();
  });
});
