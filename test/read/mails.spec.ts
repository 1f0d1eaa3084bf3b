import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { CommandsFor } from '../support/commands.js';
import { recordsOf, runAll } from '../support/execute.js';
import { Instance } from '../support/views.js';

const acme = new CommandsFor('acme');
const globex = new CommandsFor('globex');
const [noon, one, two] = [12, 13, 14].map((hour) => `2026-01-31T${hour}:00:00.000Z`) as [
  string,
  string,
  string,
];
/** What the clock says. */
let time: string;
let store: MemoryEventStore;
let instance: Instance;

beforeEach(async () => {
  store = new MemoryEventStore();
  time = '2026-01-31T11:00:00.000Z';
  instance = await Instance.start(store, ':memory:', () => new Date(time));
  await runAll(instance.execute, acme.open('Acme'), globex.openUnder('acme', { name: 'Globex' }));
  await runAll(instance.execute, acme.createUser('bob', { mail_id: 'm1', first_name: 'Bob' }));
  await runAll(instance.execute, globex.createUser('rob', { mail_id: 'm2', password_hash: 'h' }));
});
afterEach(() => instance.stop());

const run = (...commands: Parameters<Instance['execute']['run']>[0][]) =>
  runAll(instance.execute, ...commands);
const due = (now = noon, limit = 10) =>
  instance.views.mails.pendingMails(now, limit).map(({ mail_id }) => mail_id);
const claim = (commands: CommandsFor, user_id: string, mail_id: string, until: string, now = noon) =>
  commands.claimMail({ user_id, mail_id, token_hash: `${mail_id}-hash`, expires: two, until, now });

describe('Pending mails', () => {
  it('T217: are those of all accounts, with all that is to be written', async () => {
    const requested = (await recordsOf(store, 'acme')).at(-1);
    expect(due()).toEqual(['m1', 'm2']);
    expect(instance.views.mails.pendingMails(noon, 1)).toEqual([
      {
        ...{ account: 'acme', account_name: 'Acme', user_id: 'bob', mail_id: 'm1', kind: 'welcome' },
        about: null,
        ...{
          event_id: requested?.id,
          requested: requested?.metadata.time,
          attempts: 0,
          due: null,
          due_since: null,
        },
        ...{ first_name: 'Bob', last_name: 'Doe', email: 'bob@x.example', has_password: false },
      },
    ]);
    expect(instance.views.mails.pendingMail('globex', 'm2')).toMatchObject({
      ...{ account_name: 'Globex', user_id: 'rob', has_password: true },
    });
  });

  it('tell names and addresses as they are now', async () => {
    await run(acme.update({ name: 'Acme & Sons' }));
    await run(acme.updateUser({ user_id: 'bob', first_name: 'Rob', email: 'rob@x.example' }));
    expect(instance.views.mails.pendingMail('acme', 'm1')).toMatchObject({
      ...{ account_name: 'Acme & Sons', first_name: 'Rob', email: 'rob@x.example' },
    });
  });

  it('are not due while somebody has them, and again after that time', async () => {
    await run(claim(acme, 'bob', 'm1', one));
    expect([due(noon), due(one)]).toEqual([['m2'], ['m1', 'm2']]);
    expect(instance.views.mails.count()).toBe(2);
    expect(instance.views.mails.pendingMail('acme', 'm1')).toMatchObject({ attempts: 1, due: one });
    await run(claim(acme, 'bob', 'm1', two, one));
    expect(instance.views.mails.pendingMail('acme', 'm1')).toMatchObject({ attempts: 2, due: two });
  });

  it('C7: are shown when a clock that was ahead has put them off, to whoever has waited as long', async () => {
    time = '2027-01-31T12:00:00.000Z';
    const inAYear = '2027-01-31T12:02:00.000Z';
    await run(claim(acme, 'bob', 'm1', inAYear));
    expect(due(noon)).toEqual(['m1', 'm2']);
    expect(due('2027-01-31T12:01:00.000Z')).toEqual(['m2']);
    expect(instance.views.mails.pendingMail('acme', 'm1')).toMatchObject({ due: inAYear, due_since: time });
    const token = { token_hash: 'h', expires: two, until: one, now: noon };
    const again = { user_id: 'bob', mail_id: 'm1', ...token };
    const early = await instance.execute.run(acme.claimMail(again));
    expect(early.events).toEqual([]);
    const late = await instance.execute.run(acme.claimMail({ ...again, waited_for: inAYear }));
    expect(late.events.map(({ type }) => type)).toEqual(['MailClaimed', 'PasswordTokenIssued']);
  });

  it('are due when they were put off until then', async () => {
    await run(claim(acme, 'bob', 'm1', two));
    await run(acme.deferMail({ user_id: 'bob', mail_id: 'm1', attempt: 1, until: one, reason: 'ETIMEDOUT' }));
    expect([due(noon), due(one)]).toEqual([['m2'], ['m1', 'm2']]);
    expect(instance.views.mails.pendingMail('acme', 'm1')).toMatchObject({ attempts: 1, due: one });
  });

  it('come oldest first, however often they were tried, and not more than are asked for', async () => {
    await run(acme.requestMail('bob', 'm3'), globex.requestMail('rob', 'm4'));
    await run(claim(acme, 'bob', 'm1', one), claim(globex, 'rob', 'm4', noon));
    expect(due(one)).toEqual(['m1', 'm2', 'm3', 'm4']);
    expect(due(one, 3)).toEqual(['m1', 'm2', 'm3']);
    expect(due(noon, 2)).toEqual(['m2', 'm3']);
    expect(due(one, 0)).toEqual([]);
  });

  it('end when they are sent, given up, or their user is gone', async () => {
    await run(acme.requestMail('bob', 'm3'), acme.requestMail('bob', 'm4', 'password_reset'));
    await run(acme.mailSent('bob', 'm1'));
    expect(due()).toEqual(['m2', 'm3', 'm4']);
    await run(claim(acme, 'bob', 'm3', one));
    await run(acme.giveUpMail({ user_id: 'bob', mail_id: 'm3', attempt: 1, reason: '550' }));
    expect(due(two)).toEqual(['m2', 'm4']);
    await run(acme.deleteUser('bob'));
    expect(due(two)).toEqual(['m2']);
    for (const mail of ['m1', 'm3', 'm4'])
      expect(instance.views.mails.pendingMail('acme', mail)).toBeUndefined();
    expect(instance.views.mails.pendingMail('globex', 'm2')).toMatchObject({ user_id: 'rob' });
  });

  it('are found in their account only', () => {
    expect(instance.views.mails.pendingMail('globex', 'm1')).toBeUndefined();
    expect(instance.views.mails.pendingMail('nowhere', 'm1')).toBeUndefined();
  });
});

describe('Password tokens', () => {
  const owner = (hash: string) => instance.views.credentials.byTokenHash(hash);

  it('tell whose password they set', async () => {
    await run(claim(acme, 'bob', 'm1', one), claim(globex, 'rob', 'm2', one));
    const bob = { id: 'bob', account: 'acme', email: 'bob@x.example' };
    expect(owner('m1-hash')).toEqual({ ...bob, mail: 'm1', issued: time, expires: two });
    expect(owner('m2-hash')).toMatchObject({ id: 'rob', account: 'globex' });
    expect(owner('none')).toBeUndefined();
  });

  it('end when they were used', async () => {
    await run(claim(acme, 'bob', 'm1', one), claim(globex, 'rob', 'm2', one));
    const data = { user_id: 'bob', token_hash: 'm1-hash', password_hash: 'new', now: one };
    await run(acme.by('bob').resetPassword(data));
    expect([owner('m1-hash'), owner('m2-hash')?.id]).toEqual([undefined, 'rob']);
  });

  it('end with the address they were sent to, and with their user', async () => {
    await run(claim(acme, 'bob', 'm1', one), claim(globex, 'rob', 'm2', one));
    await run(acme.updateUser({ user_id: 'bob', email: 'b@x.example' }), globex.deleteUser('rob'));
    expect([owner('m1-hash'), owner('m2-hash')]).toEqual([undefined, undefined]);
  });

  it('are the ten newest of a user', async () => {
    const token = (n: number) => ({ user_id: 'bob', mail_id: 'm1', token_hash: `h${n}`, expires: two });
    for (let n = 0; n < 11; n += 1) await run(acme.claimMail({ ...token(n), until: noon, now: noon }));
    expect([owner('h0'), owner('h1')?.id, owner('h10')?.id]).toEqual([undefined, 'bob', 'bob']);
  });
});
