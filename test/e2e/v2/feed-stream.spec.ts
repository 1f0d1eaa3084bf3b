import { connect } from 'node:net';
import { beforeAll, expect, test } from '@jest/globals';
import { walkFeed } from '../../support/feed.js';
import {
  addGroup,
  addPerson,
  addUser,
  type Company,
  openCompany,
  type Person,
} from '../../support/people.js';
import { startService } from '../../support/people.js';

const app = await startService();
let company: Company;

beforeAll(async () => {
  company = await openCompany(app);
  for (let made = 0; made < 5; made += 1) await addUser(company.admin.v1);
});

/** Reads a stream until a number of bytes has come or it ends. @returns the whole frames among them */
function cutAfter(person: Person, bytes: number, lastId?: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const { port, hostname } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    const resume = lastId === undefined ? '' : `Last-Event-ID: ${lastId}\r\n`;
    socket.write(
      `GET /api/v2/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${person.key}\r\n` +
        `Accept: text/event-stream\r\n${resume}\r\n`,
    );
    let got = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      got = Buffer.concat([got, chunk]);
      if (got.length >= bytes) socket.destroy();
    });
    socket.on('close', () => resolve(framesIn(got.subarray(0, bytes).toString())));
  });
}

/** What a client has of an answer: lines of chunk sizes stand between the frames, which are whole or not there. */
function framesIn(answer: string): string[] {
  return [...answer.matchAll(/id: (\d+)\nevent: \w+\ndata: (\{.*\})\n\n/g)].map(([, , data = '']) => data);
}

test('cut at 200 random places and resumed, a stream has the exact sequence', async () => {
  const all = await walkFeed(company.admin.v2, '');
  let lastId: string | undefined;
  let got: string[] = [];
  for (let cut = 0; cut < 200; cut += 1) {
    if (got.length >= all.length) [got, lastId] = [[], undefined];
    const left = all.length - got.length;
    const frames = await cutAfter(
      company.admin,
      300 + Math.floor(Math.random() * 600 * Math.min(left, 4)),
      lastId,
    );
    got = [...got, ...frames];
    const sequence = got.map((text) => (JSON.parse(text) as { sequence: string }).sequence);
    expect(sequence).toEqual(all.slice(0, got.length).map((event) => event.sequence));
    lastId = got.length > 0 ? String(got.length - 1) : undefined;
  }
});

/** An open stream of somebody. */
async function open(person: Person, query = ''): Promise<ReadableStreamDefaultReader<string>> {
  const headers = { authorization: `Bearer ${person.key}`, accept: 'text/event-stream' };
  const { status, body } = await fetch(`${app.url}/api/v2/events?${query}`, { headers });
  if (status !== 200 || !body) throw new Error(`${status} instead of a stream`);
  return body.pipeThrough(new TextDecoderStream()).getReader();
}

/** Reads on until a text has come, or to the end. */
async function readTo(reader: ReadableStreamDefaultReader<string>, text: string): Promise<string> {
  let got = '';
  while (!got.includes(text)) {
    const { done, value } = await reader.read();
    if (done) return got;
    got += value;
  }
  return got;
}

const headOf = async (person: Person) => (await walkFeed(person.v2, '')).length - 1;

test('a stream brings what happens while it is open, also what happens in one command, and nothing of other names', async () => {
  const { admin } = company;
  const reader = await open(admin, `after=${await headOf(admin)}&types=Group*`);
  const user = await addUser(admin.v1);
  const group = await addGroup(admin.v1);
  await admin.v2('PUT', `/groups/${group}/users/${user}`, {});
  await admin.v1('DELETE', `/groups/${group}`);
  const got = await readTo(reader, 'event: GroupDeleted');
  expect([...got.matchAll(/event: (\w+)/g)].map(([, name]) => name)).toEqual([
    'GroupCreated',
    'GroupDeleted',
  ]);
  await reader.cancel();
});

test('a stream ends when the right that it was opened with does, and does not show the event that ended it', async () => {
  const { admin } = company;
  const eve = await addPerson(app, admin, ['audit.read']);
  const reader = await open(eve, `after=${await headOf(admin)}`);
  await admin.v1('DELETE', `/users/${eve.id}`);
  expect(await readTo(reader, 'event: UserDeleted')).toBe(':\n\n');
});
