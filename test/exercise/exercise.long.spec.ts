import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from '@jest/globals';
import { ServiceProcess } from '../support/process.js';
import { command, question } from './job-title.js';
import { omissions } from './omissions.js';
import { SourceCopy } from './source-copy.js';

const KEY = 'an-api-key-of-the-exercise';
const copies: SourceCopy[] = [];

function copy(): SourceCopy {
  const one = new SourceCopy();
  copies.push(one);
  return one;
}

afterEach(() => ServiceProcess.killAll());
afterAll(() => copies.forEach((one) => one.remove()));

describe('The exercise of the README, done on a copy of the sources', () => {
  const sources = copy();
  const touched = { command: sources.apply(command), question: sources.apply(question) };

  it('touches three files for the command and three for the question, which are those that the README names', () => {
    expect(touched).toEqual({
      command: [
        'src/domain/user.ts',
        'src/http/v1/user-operations.controller.ts',
        'src/read/tables/users.ts',
      ],
      question: [
        'src/http/v1/user-operations.controller.ts',
        'src/read/job-title.ts',
        'src/read/questions.ts',
      ],
    });
    const [, exercise = ''] = readFileSync('README.md', 'utf8').split('\n## Add a command and a question');
    const [text = ''] = exercise.split('\n## ');
    const named = [...text.matchAll(/`(src\/[^`]+\.ts)`/g)].map(([, file]) => file);
    expect([...new Set(named)].sort()).toEqual(
      [...new Set([...touched.command, ...touched.question])].sort(),
    );
  });

  it('compiles, and a service of it takes the command, with its rights and its rule, and answers the question', async () => {
    expect(await sources.compile()).toEqual(new Map());
    const settings = { EVENT_STORE: 'memory', MUSTER_ADMIN_API_KEY: KEY };
    const main = join(sources.directory, 'dist/main.js');
    const { service, url } = await ServiceProcess.start(settings, [], main);
    const api = async (method: string, path: string, body?: object, key = KEY) => {
      const answer = await fetch(`${url}/api/1.0${path}`, {
        method,
        headers: { 'kf-api-key': key, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as { data: object } };
    };
    const { users } = (await api('GET', '/users')).body.data as { users: { id: string }[] };
    const [{ id: user } = { id: 'nobody' }] = users;
    const title = async () => (await api('GET', `/users/${user}/@/job-title`)).body.data;
    const change = (job_title: string, key?: string) =>
      api('POST', `/users/${user}/@/change-job-title`, { job_title }, key);

    expect(await title()).toEqual({ job_title: null });
    expect((await change('Engineer')).status).toBe(200);
    expect(await title()).toEqual({ job_title: 'Engineer' });
    expect((await change('')).status).toBe(400);
    expect((await change('Spy', 'nobody-has-such-a-key')).status).toBe(401);
    expect(await title()).toEqual({ job_title: 'Engineer' });
    expect(await service.stop()).toBe(0);
  });
});

describe('What is forgotten does not compile', () => {
  let complaints: ReadonlyMap<string, string>;

  beforeAll(async () => {
    const sources = copy();
    sources.apply(omissions.flatMap(({ edits }) => edits));
    complaints = await sources.compile();
  });

  test.each(omissions)('$what', ({ file, complaint }) =>
    expect(complaints.get(file) ?? '').toMatch(complaint),
  );
});
