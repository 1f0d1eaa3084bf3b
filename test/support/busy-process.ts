/**
 * A process that changes several accounts as fast as it can until it is killed.
 * On stdout it says the id of every command that was acknowledged, a line each.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Execute } from '../../src/application/execute.js';
import type { Command } from '../../src/domain/aggregates.js';
import { parseLogAddress } from '../../src/event-store/log-address.js';
import { openLog } from '../../src/event-store/opened-log.js';
import { Projector } from '../../src/read/projector.js';
import { Views } from '../../src/read/views.js';
import { CommandsFor } from './commands.js';

Logger.overrideLogger(false);

const [log = '', prefix = '', directory = '', run = ''] = process.argv.slice(2);
const address = parseLogAddress(log);
if (!address) throw new Error(`There is no log at ${log}`);
const store = openLog(address, prefix, false);
const views = Views.open(join(directory, 'views.db'));
const projector = new Projector(store, views);
const execute = new Execute(store, (account, records) => projector.apply(account, records), views.tree);
await projector.start();

async function acknowledged(command: Command): Promise<void> {
  const { events } = await execute.run(command);
  if (events.length > 0) await say(`${command.meta.commandId} ${String(events.length)}\n`);
}

/** The pipe is full while its reader has no turn. */
async function say(line: string): Promise<void> {
  for (;;) {
    try {
      writeSync(1, line);
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
      await new Promise(setImmediate);
    }
  }
}

/** One caller: creates a user and a group, relates them, changes them and deletes some, again and again. */
async function call(account: CommandsFor, caller: string): Promise<never> {
  for (let turn = 0; ; turn += 1) {
    const [user, group] = [`${caller}-u${String(turn)}`, `${caller}-g${String(turn)}`];
    await acknowledged(account.createUser(user, { password_hash: 'hash' }));
    await Promise.all([acknowledged(account.createGroup(group)), acknowledged(account.addToRole(user))]);
    await acknowledged(account.addToGroup(user, group));
    await acknowledged(account.updateUser({ user_id: user, first_name: 'Changed', external_id: user }));
    if (turn % 3 === 0) await acknowledged(account.deleteUser(user));
    if (turn % 4 === 0) await acknowledged(account.deleteGroup(group));
  }
}

const callers = ['acme', 'globex', 'initech'].flatMap((id) => {
  const account = new CommandsFor(id);
  return [0, 1, 2, 3].map(async (caller) => {
    if (caller === 0) await acknowledged(account.open()).catch(() => undefined);
    else while (views.checkpoints.revisionOf(id) < 0) await new Promise(setImmediate);
    await call(account, `${run}-${id}-${String(caller)}`);
  });
});
await Promise.all(callers);
