import { beforeEach, describe, expect, test } from '@jest/globals';
import { Attempts } from '../../../src/audit/attempts/attempts.js';
import { EVENT_STORE, type EventStore } from '../../../src/event-store/event-store.js';
import { Projector } from '../../../src/read/projector.js';
import type { RunningApp } from '../../support/app.js';
import { attemptsIn } from '../../support/attempts.js';
import { pick } from '../../support/api-client.js';
import { addGroup, type Company, openCompany, startService } from '../../support/people.js';

const service = await startService();
let company: Company;
beforeEach(async () => {
  company = await openCompany(service);
});

function basic(name: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}
const signIn = (name: string, password = 'a wrong one', app: RunningApp = service) =>
  app.request('GET', '/api/1.0/profile', { headers: { ...basic(name, password), 'user-agent': 'Probe/1' } });

describe('A write that succeeds', () => {
  test('leaves where it came from under its command’s id, and is no attempt', async () => {
    const headers = { 'user-agent': `Probe/${'1'.repeat(300)}` };
    const before = headOf(company.id);
    await company.admin.v2('POST', '/groups', { name: 'New', permissions: [] }, { headers });
    const [command, ...more] = await commandsOf(company.id, before + 1);
    expect(more).toEqual([]);
    const sources = await service.app.get(Attempts).sourcesOf(company.id, [command ?? '', 'unknown']);
    const user_agent = headers['user-agent'].slice(0, 200);
    expect([...sources]).toEqual([[command, { address: '127.0.0.1', user_agent }]]);
    expect(await attemptsIn(service, company.id)).toEqual([]);
  });

  test('that changed nothing has no command, and so leaves none', async () => {
    const group = await addGroup(company.admin.v1, { name: 'Same' });
    const before = headOf(company.id);
    const answer = await company.admin.v2('PATCH', `/groups/${group}`, { name: 'Same' });
    expect([answer.status, headOf(company.id)]).toEqual([200, before]);
  });

  test('leaves one of the sign-in as well', async () => {
    const { admin } = await openCompany(service, { email: 'sam@example.com', password: 'sam-password' });
    const account = String(pick(await admin.v2('GET', '/account'), 'id'));
    const before = headOf(account);
    expect((await signIn('sam@example.com', 'sam-password')).status).toBe(200);
    const [command = ''] = await commandsOf(account, before + 1);
    const sources = await service.app.get(Attempts).sourcesOf(account, [command]);
    expect(sources.get(command)).toEqual({ address: '127.0.0.1', user_agent: 'Probe/1' });
  });

  test('leaves one of the operator’s', async () => {
    const [command = ''] = await commandsOf(company.id, 0);
    const sources = await service.app.get(Attempts).sourcesOf(company.id, [command]);
    expect(sources.get(command)?.address).toBe('127.0.0.1');
  });
});

function headOf(account: string): number {
  return service.app.get(Projector).revisionOf(account);
}

/** Ids of the commands that have written to an account, from a revision on; waits until there is one. */
async function commandsOf(account: string, from: number): Promise<string[]> {
  const store = service.app.get<EventStore>(EVENT_STORE);
  for (;;) {
    const found = new Set<string>();
    for await (const page of store.readStream(`account-${account}`, from - 1))
      for (const { metadata } of page) found.add((JSON.parse(metadata) as { command_id: string }).command_id);
    if (found.size > 0) return [...found];
    await new Promise(setImmediate);
  }
}
