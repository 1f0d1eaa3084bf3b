import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../src/application/outcome.js';
import type { Execute } from '../../src/application/execute.js';
import { authorityOf } from '../../src/domain/authority.js';
import type { Command } from '../../src/domain/aggregates.js';
import { Rejection } from '../../src/domain/rejection.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { executeOn, fold, recordsOf, runAll } from '../support/execute.js';

const ROUNDS = 300;
const acme = new CommandsFor('acme');
const client = new CommandsFor('client');
const max = client.by('max', 'acme');

interface Answer {
  readonly command: Command;
  /** The head of the company's stream before the command was sent and after it was answered. */
  readonly sent: number;
  readonly answered: number;
  readonly outcome: Outcome | Rejection;
}

async function ask(execute: Execute, command: Command): Promise<Outcome | Rejection> {
  return execute.run(command).catch((error: unknown) => {
    if (error instanceof Rejection) return error;
    throw error;
  });
}

/** One instance shares and unshares the client, while a member of the group writes in it at another. */
async function race() {
  const store = new MemoryEventStore(false);
  const [here, there] = [executeOn(store), executeOn(store)];
  await runAll(here, acme.open(), acme.createUser('max'), acme.permit('max', 'user.manage'));
  await runAll(here, acme.createGroup('team'), acme.addToGroup('max', 'team'), client.openUnder('acme'));
  await runAll(here, client.createGroup('fixed'), acme.share('client', 'team', true));
  const answers: Answer[] = [];
  const head = async () => (await recordsOf(store, 'acme')).length - 1;
  for (let round = 0; round < ROUNDS; round += 1) {
    const sent = await head();
    // Changes nothing, so that nothing but its answer says whether it was allowed.
    const silent = max.updateGroup({ group_id: 'fixed', name: 'fixed' });
    const commands = round % 3 === 0 ? [silent] : [max.createGroup(`g${round}`), silent];
    const change = round % 2 === 0 ? acme.unshare('client', 'team') : acme.share('client', 'team', true);
    const asked = commands.map(async (command) => {
      const outcome = await ask(there, command);
      answers.push({ command, sent, answered: await head(), outcome });
    });
    // Sooner or later within the writes at the other instance.
    for (let turn = 0; turn < (round >> 1) % 12; turn += 1) await new Promise(setImmediate);
    await here.run(change);
    await Promise.all(asked);
  }
  return { answers, company: await recordsOf(store, 'acme'), written: await recordsOf(store, 'client') };
}

describe('T409: one instance takes a share right while another writes in the client', () => {
  it('what is allowed rests on a revision at which it was shared, what is refused on one at which it was not', async () => {
    const { answers, company, written } = await race();
    const state = fold([]);
    const mayManage = company.map((record) => {
      fold([record], state);
      return authorityOf(state, 'max', 'client').managesClient;
    });
    const seen = { changed: 0, silent: 0, refused: 0 };
    for (const { command, sent, answered, outcome } of answers) {
      const possible = mayManage.slice(sent, answered + 1);
      if (outcome instanceof Rejection) {
        seen.refused += 1;
        expect(outcome.code).toBe('access_denied');
        expect(possible).toContain(false);
      } else if (outcome.events.length === 0) {
        seen.silent += 1;
        expect(possible).toContain(true);
      } else {
        seen.changed += 1;
        const record = written[outcome.revision];
        expect(record?.metadata.command_id).toBe(command.meta.commandId);
        const { revision } = record?.metadata.actor ?? {};
        expect(revision).toBeGreaterThanOrEqual(sent);
        expect(mayManage[Number(revision)]).toBe(true);
      }
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
  });
});
