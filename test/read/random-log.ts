import fc from 'fast-check';
import { type ClientStatus, clientStatuses } from '../../src/domain/client-status.js';
import { builtInRoles } from '../../src/domain/built-in-roles.js';
import type { Command } from '../../src/domain/aggregates.js';
import { Rejection } from '../../src/domain/rejection.js';
import type { CreateUser } from '../../src/domain/user.js';
import { CommandsFor } from '../support/commands.js';
import { newWebhook, pick, webhookCommand, webhookKinds } from './random-webhooks.js';

const kinds = [
  ...(['createUser', 'createUser', 'updateUser', 'deleteUser', 'permit', 'issueKey', 'revokeKey'] as const),
  ...([
    'createGroup',
    'updateGroup',
    'updateGroup',
    'deleteGroup',
    'removeFromGroup',
    'removeFromGroup',
  ] as const),
  ...(['addToGroup', 'addToGroup', 'addToGroup', 'addToGroup'] as const),
  ...(['createRole', 'createRole', 'addToRole', 'addToRole', 'removeFromRole', 'update'] as const),
  ...(['updateRole', 'updateRole', 'removeRolePermissions', 'deleteRole', 'addDefaultTabs'] as const),
  ...(['setProperties', 'setProperties', 'deleteProperty', 'addTabs', 'addTabs', 'removeTab'] as const),
  ...(['signIn', 'lock', 'unlock', 'requestMail', 'claimMail', 'claimMail'] as const),
  ...(['deferMail', 'mailSent', 'giveUpMail', 'resetPassword'] as const),
  ...(['updateClient', 'updateClient', 'setResources', 'setSettings', 'extendTrial', 'billOrClose'] as const),
  ...(['restoreUser', 'restoreGroup', 'restoreRole'] as const),
  ...(['share', 'share', 'share', 'unshare', 'unshare'] as const),
  ...(['setClientProperties', 'deleteClientProperty'] as const),
  ...webhookKinds,
];

const mailKinds = ['welcome', 'invitation', 'password_reset'] as const;
const value = fc.constantFrom('one', 'two', 'three');
const external_id = fc.constantFrom(null, 'x1', 'x2');
const step = fc.record({
  account: fc.constantFrom('acme', 'client'),
  kind: fc.constantFrom(...kinds),
  /** Which user, group, role and key of those there have been. */
  user: fc.nat(),
  group: fc.nat(),
  role: fc.nat(),
  key: fc.nat(),
  property: fc.constantFrom('team', 'floor', '__proto__'),
  tab: fc.nat(),
  mail: fc.nat(),
  text: value,
  email: fc.constantFrom('a@x.example', 'A@x.example', 'b@x.example', 'c@x.example'),
  external_id,
  can_edit: fc.constantFrom(true, false, undefined),
  tabs: fc.array(fc.constantFrom('t1', 't2', 't3', 'T1'), { minLength: 1, maxLength: 3 }),
  permissions: fc.uniqueArray(fc.constantFrom('user.manage', 'klip.edit', 'Klip.edit'), { maxLength: 3 }),
  /** Who sends it; the operator most of the time. */
  isFromUser: fc.constantFrom(true, false, false, false),
  /** Whether it waits for the commands before it, so that some share an append. */
  waits: fc.boolean(),
});

export type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

export const stepsOf = (minLength: number, maxLength: number): fc.Arbitrary<Step[]> =>
  fc.array(step, { minLength, maxLength, size: 'max' });

export const steps = stepsOf(10, 80);

/** Whatever carries commands out. */
export interface Runner {
  run(command: Command): Promise<unknown>;
}

/** A company and a client account with all that was ever created in them. */
export class RandomLog {
  private readonly made = new Map<string, string[]>();
  /** The user of each mail. */
  private readonly mailed = new Map<string, string>();

  /** Runs the commands, refused ones too. */
  async run(execute: Runner, drafts: readonly Step[]): Promise<void> {
    await this.begin(execute);
    let running: Promise<unknown>[] = [];
    for (const draft of drafts) {
      if (draft.waits) {
        await Promise.all(running);
        running = [];
      }
      running.push(this.take(execute, draft));
    }
    await Promise.all(running);
  }

  /** Opens the accounts, each with a user, a group and a role. */
  async begin(execute: Runner): Promise<void> {
    const [acme, client] = [new CommandsFor('acme'), new CommandsFor('client')];
    await attempt(execute, acme.open());
    await attempt(execute, client.openUnder('acme', { status: 'trial' }));
    for (const account of [acme, client]) {
      await attempt(execute, account.createUser(this.next(account.account, 'u')));
      await attempt(execute, account.createGroup(this.next(account.account, 'g')));
      await attempt(execute, account.createRole(this.next(account.account, 'r')));
    }
  }

  /** Runs one command, a refused one too. */
  async take(execute: Runner, draft: Step): Promise<void> {
    await attempt(execute, this.command(draft));
  }

  private command({ account, kind, user, group, role, key, tab, mail, isFromUser, ...facts }: Step): Command {
    const { text, email, property, external_id, can_edit, permissions, tabs } = facts;
    const own = new CommandsFor(account);
    const user_id = pick(this.ids(account, 'u', own.admin), user);
    const group_id = pick([...this.ids(account, 'g'), own.allUsers], group);
    const role_id = pick([...builtInRoles.map(({ id }) => id), ...this.ids(account, 'r')], role);
    const commands = isFromUser ? own.by(user_id) : own;
    const ofMail = this.mailOf(account, mail);
    const hours = (count: number) => `2026-01-31T1${count % 10}:00:00.000Z`;
    switch (kind) {
      case 'createUser':
        return this.create(commands, tab % 2 === 0, {
          email,
          external_id,
          password_hash: text,
          roles: [role_id],
        });
      case 'updateUser':
        return commands.updateUser({ user_id, first_name: text, email, external_id });
      case 'permit':
        return commands.permit(user_id, ...permissions);
      case 'issueKey':
        return commands.issueKey(user_id, this.next(account, 'k'));
      case 'revokeKey':
        return commands.revokeKey(user_id, pick(this.ids(account, 'k', 'none'), key));
      case 'setProperties':
        // Now and then the value that stands for none.
        return commands.setProperties(user_id, Object.fromEntries([[property, key % 4 === 0 ? '' : text]]));
      case 'deleteProperty':
        return commands.deleteProperty(user_id, property);
      case 'addTabs':
        return commands.addTabs(
          user_id,
          [this.next(account, 't'), text],
          [this.next(account, 't'), property],
        );
      case 'removeTab':
        return commands.removeTab(user_id, pick(this.ids(account, 't', 'none'), tab));
      case 'signIn':
        return own.by(user_id).recordSignIn(user_id, key % 3);
      case 'lock':
        return commands.lock(user_id, hours(group), hours(0));
      case 'unlock':
        return commands.unlock(user_id, hours(group));
      case 'requestMail':
        return commands.requestMail(user_id, this.nextMail(account, user_id), mailKinds[key % 3]);
      case 'claimMail':
        return own.claimMail({
          ...ofMail,
          ...{ token_hash: `hash${key % 30}`, expires: hours(group), until: hours(tab), now: hours(key) },
        });
      case 'deferMail':
        return own.deferMail({ ...ofMail, attempt: key % 3, until: hours(tab), reason: text });
      case 'mailSent':
        return own.mailSent(ofMail.user_id, ofMail.mail_id);
      case 'giveUpMail':
        return own.giveUpMail({ ...ofMail, attempt: key % 3, reason: text });
      case 'resetPassword':
        return own.by(ofMail.user_id).resetPassword({
          ...{ user_id: ofMail.user_id, token_hash: `hash${tab % 30}`, password_hash: text },
          now: hours(group),
        });
      case 'createGroup':
        return commands.createGroup(this.next(account, 'g'), { name: text, external_id, permissions });
      case 'updateGroup':
        return commands.updateGroup({ group_id, name: text, description: text, external_id, permissions });
      case 'deleteGroup':
        return commands.deleteGroup(group_id);
      case 'addToGroup':
        return commands.addToGroup(user_id, group_id, can_edit);
      case 'removeFromGroup':
        return commands.removeFromGroup(user_id, group_id);
      case 'addDefaultTabs':
        return commands.addDefaultTabs(group_id, ...tabs);
      case 'createRole':
        return commands.createRole(this.next(account, 'r'), ...permissions);
      case 'updateRole':
        return commands.updateRole({ role_id, name: text, description: text, permissions });
      case 'removeRolePermissions':
        return commands.removeRolePermissions(role_id, ...permissions);
      case 'deleteRole':
        return commands.deleteRole(role_id);
      case 'addToRole':
        return commands.addToRole(user_id, role_id);
      case 'removeFromRole':
        return commands.removeFromRole(user_id, role_id);
      case 'deleteUser':
        return commands.deleteUser(user_id);
      case 'restoreUser':
        return commands.restoreUser(user_id);
      case 'restoreGroup':
        return commands.restoreGroup(group_id);
      case 'restoreRole':
        return commands.restoreRole(role_id);
      case 'updateClient':
        return own.updateClient({ ...{ name: text, seats: key % 9, external_id }, status: statusOf(group) });
      case 'setResources':
        return own.setResources({ 'api.requests.perDay': key % 3, 'company.seats': user % 9 });
      case 'setSettings':
        return own.setSettings(Object.fromEntries([[property, key % 4 === 0 ? '' : text]]));
      case 'extendTrial':
        return own.extendTrial(`2026-01-31T1${group % 10}:00:00.000Z`);
      case 'billOrClose':
        // Nothing comes after a close, so it is rare.
        return key % 6 === 0 ? own.close() : own.enableDirectBilling();
      case 'share':
        return commands.share(clientOf(key), group_id, can_edit);
      case 'unshare':
        return commands.unshare(clientOf(key), group_id);
      case 'setClientProperties':
        return commands.setClientProperties(
          clientOf(tab),
          Object.fromEntries([[property, key % 4 === 0 ? '' : text]]),
        );
      case 'deleteClientProperty':
        return commands.deleteClientProperty(clientOf(tab), property);
      case 'createWebhook':
        return newWebhook(commands, this.next(account, 'w'), text);
      case 'changeWebhook':
      case 'statusOfWebhook':
      case 'secretOfWebhook':
      case 'deleteWebhook':
        return webhookCommand(kind, commands, pick(this.ids(account, 'w', 'none'), key), tab, text);
      case 'update':
        return commands.update({ name: text, contacts: { technical_contact: user_id } });
    }
  }

  private create(commands: CommandsFor, isWelcomed: boolean, facts: Partial<CreateUser['data']>): Command {
    const user_id = this.next(commands.account, 'u');
    const mail_id = isWelcomed ? this.nextMail(commands.account, user_id) : undefined;
    return commands.createUser(user_id, { ...facts, mail_id });
  }

  private nextMail(account: string, user_id: string): string {
    const mail_id = this.next(account, 'm');
    this.mailed.set(mail_id, user_id);
    return mail_id;
  }

  private mailOf(account: string, mail: number): { mail_id: string; user_id: string } {
    const mail_id = pick(this.ids(account, 'm', 'none'), mail);
    return { mail_id, user_id: this.mailed.get(mail_id) ?? 'none' };
  }

  private ids(account: string, kind: string, ...first: string[]): readonly string[] {
    return [...first, ...(this.made.get(`${account}-${kind}`) ?? [])];
  }

  private next(account: string, kind: string): string {
    const key = `${account}-${kind}`;
    const ids = this.made.get(key) ?? [];
    const id = `${key}${ids.length}`;
    this.made.set(key, [...ids, id]);
    return id;
  }
}

/** Trial as often as all the others together. */
function statusOf(index: number): ClientStatus {
  return clientStatuses[index % 8] ?? 'trial';
}

/** The client that there is, or one that there is not: a company's stream says things of either. */
function clientOf(index: number): string {
  return pick(['client', 'later'], index);
}

async function attempt(execute: Runner, command: Command): Promise<void> {
  await execute.run(command).catch((error: unknown) => {
    if (!(error instanceof Rejection) || error.code === 'unavailable') throw error;
  });
}
