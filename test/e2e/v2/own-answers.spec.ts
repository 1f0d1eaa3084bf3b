import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { idOf, pick } from '../../support/api-client.js';
import { RunningApp } from '../../support/app.js';

const ROUNDS = 40;

let app: RunningApp;
let user: string;
let group: string;
beforeAll(async () => {
  app = await RunningApp.start();
  const v1 = app.v1();
  const jane = { first_name: 'Jane', last_name: 'Doe', email: 'jane@example.com' };
  user = idOf(await v1('POST', '/users', { ...jane, roles: ['a0000000000000000000000000000003'] }));
  group = idOf(await v1('POST', '/groups', { name: 'Managers' }));
});
afterAll(() => app.stop());

describe('A write answers what it made, whatever is written beside it', () => {
  it('T312: two renames at once each answer their own name', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const names = [`One ${String(round)}`, `Other ${String(round)}`];
      const answers = await Promise.all(names.map((name) => app.v2()('PUT', `/groups/${group}`, { name })));
      expect(answers.map((answer) => pick(answer, 'name'))).toEqual(names);
    }
  });

  it('T312: a rename beside a deletion answers 200 or 404, and 404 only when it came too late', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = String(
        pick(await app.v2()('POST', '/groups', { name: 'Short-lived', permissions: [] }), 'id'),
      );
      const [renamed, deleted] = await Promise.all([
        app.v2()('PUT', `/groups/${id}`, { name: 'Renamed' }),
        app.v2()('DELETE', `/groups/${id}`),
      ]);
      expect(deleted.status).toBe(204);
      const wasFirst = revision(renamed.headers) < revision(deleted.headers);
      expect(renamed.status).toBe(wasFirst ? 200 : 404);
    }
  });

  it('X42: a membership that was stored answers 200, also when it is taken away at once', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const path = `/groups/${group}/users/${user}`;
      const [added] = await Promise.all([app.v2()('PUT', path, {}), app.v2()('DELETE', path)]);
      expect(added.status).toBe(200);
      expect(pick(added, 'id')).toBe(user);
    }
  });
});

function revision(headers: Headers): number {
  return Number(headers.get('muster-revision')?.split('@')[1]);
}
