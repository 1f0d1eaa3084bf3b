import { expect } from '@jest/globals';
import fc from 'fast-check';
import type { Command } from '../../../src/domain/aggregates.js';
import { adminRole } from '../../../src/domain/built-in-roles.js';
import { Projector } from '../../../src/read/projector.js';
import { RandomLog, type Runner, steps } from '../../read/random-log.js';
import { RunningApp } from '../../support/app.js';
import { readerKey as key, ReadableLog } from './reader.js';
import { routesWithPast } from './routes.js';

/** Ids that there are at some time or never, in this account or the other. */
const ids: Readonly<Record<string, readonly string[]>> = {
  userId: ['acme-admin', 'acme-u0', 'acme-u1', 'client-u0', 'client-u1', 'nobody'],
  groupId: ['acme-all-users', 'acme-g0', 'acme-g1', 'client-g0', 'client-all-users', 'none'],
  roleId: [adminRole.id, 'acme-r0', 'client-r0', 'client-r1', 'none'],
  tabId: ['t1', 'T1'],
  webhookId: ['acme-w0', 'client-w0', 'none'],
};

/** What routes can be asked for besides. */
const queries: Readonly<Record<string, readonly string[]>> = {
  '/api/1.0/users': [
    'include_roles=true&include_groups=true&limit=2',
    'email=a@x.example',
    'external_id=x1&full=true',
  ],
  '/api/1.0/users/{userId}': ['full=true'],
  '/api/1.0/groups': ['external_id=x1&full=true', 'limit=1&offset=1'],
  '/api/1.0/groups/{groupId}': ['full=true'],
  '/api/1.0/roles/{roleId}': ['full=true'],
  '/api/v2/groups': ['limit=1&offset=1'],
};

function expand(path: string): string[] {
  const [, name] = /\{(\w+)\}/.exec(path) ?? [];
  if (name === undefined) return [path];
  return (ids[name] ?? []).flatMap((id) => expand(path.replace(`{${name}}`, id)));
}

/** Every question about an account that has a past. */
async function questionsOf(app: RunningApp): Promise<readonly string[]> {
  return (await routesWithPast(app)).flatMap((route) =>
    ['', ...(queries[route] ?? [])].flatMap((query) => expand(route).map((path) => `${path}?${query}`)),
  );
}

/** A company with a client account, whose commands are done one after another. */
class Replay implements Runner {
  /** What was answered about an account at the end of each command. */
  readonly then = new Map<string, readonly string[]>();

  private readonly log: ReadableLog;

  constructor(
    private readonly app: RunningApp,
    private readonly questions: readonly string[],
  ) {
    this.log = new ReadableLog(app);
  }

  async run(command: Command): Promise<unknown> {
    const done = await this.log.run(command);
    await this.look(command.account);
    return done;
  }

  /** Compares the past with what was answered when it was the present. */
  async compare(): Promise<void> {
    expect(this.then.size).toBeGreaterThan(2);
    for (const [moment, answers] of this.then) {
      const [account = '', revision = ''] = moment.split('@');
      expect(await this.answers(account, revision)).toEqual(answers);
    }
  }

  private async look(account: string): Promise<void> {
    const revision = this.app.app.get(Projector).revisionOf(account);
    const moment = `${account}@${revision}`;
    if (!this.then.has(moment)) this.then.set(moment, await this.answers(account));
  }

  private async answers(account: string, revision?: string): Promise<readonly string[]> {
    const scope = account === 'acme' ? '' : `&client_id=${account}`;
    const asOf = revision === undefined ? '' : `&as_of=${revision}`;
    const answers: string[] = [];
    for (const question of this.questions) {
      const { statusCode, headers, body } = await this.app.app.inject({
        ...{ method: 'GET', url: question + scope + asOf },
        headers: { authorization: `Bearer ${key}`, 'kf-api-key': key },
      });
      const { 'x-total-count': total = '', 'muster-revision': at = '' } = headers;
      // When a key was used last is told of the present alone.
      const told = body
        .replace(/"last_used":"[^"]*"/g, '"last_used":null')
        // How far a webhook has come as well.
        .replace(/"behind":\{[^}]*\}/g, '"behind":null');
      answers.push([question, statusCode, String(total), String(at), told].join(' '));
    }
    return answers;
  }
}

/** Replays random histories, and compares their past with the live answers. */
export async function replay(runs: number, mostSteps: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(steps, async (drafts) => {
      const app = await RunningApp.start();
      try {
        const one = new Replay(app, await questionsOf(app));
        const inOrder = drafts.slice(0, mostSteps).map((draft) => ({ ...draft, waits: true }));
        await new RandomLog().run(one, inOrder);
        await one.compare();
      } finally {
        await app.stop();
      }
    }),
    { numRuns: runs, endOnFailure: true },
  );
}
