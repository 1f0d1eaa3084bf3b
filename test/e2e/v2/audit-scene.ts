import { createHash } from 'node:crypto';
import { type Answer, type ApiClient, pick } from '../../support/api-client.js';
import { type Call, type Company, openCompany } from '../../support/people.js';

/** An entry as it came. */
export type Entry = Readonly<Record<string, unknown>> & {
  readonly revision: number;
  readonly event: string;
  readonly summary: string;
  readonly subjects: readonly { readonly type: string; readonly id: string; readonly name: string }[];
  readonly changes: readonly { readonly field: string; readonly before: unknown; readonly after: unknown }[];
};

export function entriesOf(answer: Answer): Entry[] {
  if (answer.status !== 200) throw new Error(`${answer.status} instead of 200: ${answer.text}`);
  return pick(answer, 'entries') as Entry[];
}

/** The entries of a query, those of one page. */
export async function entries(call: Call, query = ''): Promise<Entry[]> {
  return entriesOf(await call('GET', `/audit${query}`));
}

/** Walks through all pages of a list. */
export async function walk(call: Call, path: string, limit: number): Promise<Entry[]> {
  const all: Entry[] = [];
  let cursor: unknown = '';
  while (typeof cursor === 'string') {
    const more = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await call('GET', `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${more}`);
    const page = entriesOf(answer);
    if (page.length > limit) throw new Error('A page is longer than its limit');
    all.push(...page);
    cursor = pick(answer, 'next_cursor');
  }
  return all;
}

/** An export with its last line, whose hash was compared with that of the bytes before it. */
export function checkedExport({ text }: Answer): { readonly lines: string[]; readonly trailer: string } {
  const at = text.lastIndexOf('\n', text.length - 2) + 1;
  const [body, trailer] = [text.slice(0, at), text.slice(at).trimEnd()];
  const hash = createHash('sha256').update(body).digest('hex');
  if (!trailer.includes(hash)) throw new Error(`${trailer} has another hash than ${hash}`);
  return { lines: body.split(/\r?\n/).filter((line) => line !== ''), trailer };
}

/** A company whose admin is called Ada Admin. */
export async function openAdas(app: ApiClient): Promise<Company> {
  const company = await openCompany(app);
  await company.admin.v1('PUT', `/users/${company.admin.id}`, { first_name: 'Ada', last_name: 'Admin' });
  return company;
}
