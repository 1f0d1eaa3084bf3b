import { describe, expect, jest, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { hashPasswordToken } from '../../src/application/secrets.js';
import { gate, idle, WatchedStore } from '../support/execute.js';
import { MailScene } from '../support/mail-scene.js';
import { MailRequests } from '../support/mailing.js';
import { breakWrites, until } from '../support/views.js';

const HOUR = 3_600_000;
const LEASE_MS = 120_000;
const scene = MailScene.forEachTest();

const sentAtOnce = ['MailRequested', 'MailClaimed', 'MailSent'];

describe('A mail that is asked for', () => {
  test('goes to the user’s address, once, with a token that the log knows by its hash', async () => {
    const here = await scene.start();
    await scene.acme.mailTo('jane');
    await scene.acme.has('jane', 'MailSent');
    await scene.acme.done();
    expect(await scene.acme.history('jane')).toEqual(sentAtOnce);
    expect(scene.mailbox.recipients).toEqual(['jane@x.example']);
    const token = /#(mt_acme_[\w-]{43})/.exec(scene.mailbox.received[0]?.mail.text ?? '')?.[1] ?? '';
    const known = here.instance.views.credentials.byTokenHash(hashPasswordToken(token));
    expect(known).toMatchObject({
      id: 'jane',
      expires: new Date(scene.clock.now() + 168 * HOUR).toISOString(),
    });
    await here.hasCounted(['invitation sent']);
  });

  test.each([
    ['welcome', 7 * 24 * HOUR],
    ['invitation', 7 * 24 * HOUR],
    ['password_reset', HOUR],
  ] as const)('%s: has a link that works for %d ms, and says so', async (kind, lasts) => {
    const { acme, mailbox } = scene;
    const here = await scene.start();
    await acme.run(acme.commands.createUser('jane'));
    await acme.run(acme.commands.requestMail('jane', 'jane-mail', kind));
    await acme.done();
    const text = mailbox.received[0]?.mail.text ?? '';
    const token = /#(mt_acme_[\w-]{43})/.exec(text)?.[1] ?? '';
    const expires = new Date(scene.clock.now() + lasts).toISOString();
    const known = here.instance.views.credentials.byTokenHash(hashPasswordToken(token));
    expect(known).toMatchObject({ id: 'jane', expires });
    expect(text).toContain(`until ${expires.slice(0, 10)} ${expires.slice(11, 16)} UTC`);
  });

  test('before the instance starts is sent after the start', async () => {
    await scene.acme.mailTo('a', 'b', 'c', 'd', 'e', 'f');
    await scene.start();
    await scene.acme.done();
    expect(scene.mailbox.recipients.sort()).toEqual(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((one) => `${one}@x.example`),
    );
  });

  test('waits until the service is ready', async () => {
    const here = await scene.start({ isReady: false });
    await scene.acme.mailTo('jane');
    await until(() => here.pending === 1);
    await idle();
    expect(await scene.acme.history('jane')).toEqual(['MailRequested']);
    here.isReady = true;
    await scene.acme.has('jane', 'MailSent');
  });

  test('is not sent when its user is gone before', async () => {
    await scene.acme.mailTo('jane', 'john');
    await scene.acme.run(scene.acme.commands.deleteUser('jane'));
    await scene.start();
    await scene.acme.done();
    expect(scene.mailbox.recipients).toEqual(['john@x.example']);
  });

  test('goes to the address that the user has when it is sent', async () => {
    const held = gate();
    scene.mailbox.refuseMessage = () => held.opened.then(() => undefined);
    await scene.start({ atOnce: 1 });
    await scene.acme.mailTo('first');
    await scene.acme.has('first', 'MailClaimed');
    await scene.acme.mailTo('jane');
    await scene.acme.run(scene.acme.commands.updateUser({ user_id: 'jane', email: 'new@x.example' }));
    held.open();
    await scene.acme.has('jane', 'MailSent');
    expect(scene.mailbox.recipients).toEqual(['first@x.example', 'new@x.example']);
    await scene.acme.done();
  });
});

describe('What changes between the look at the list and the claim', () => {
  /** A log in which somebody else is faster, once, when a mail is to be taken on. */
  function overtaken(by: () => Promise<unknown>, event = 'MailClaimed'): WatchedStore {
    const watched = new WatchedStore(scene.store);
    let isDone = false;
    watched.beforeAppend = async ({ events }) => {
      if (isDone || !events.some(({ type }) => type === event)) return;
      isDone = true;
      await by();
    };
    return watched;
  }

  test('is the address: the mail goes to the new one, with a token that works', async () => {
    const { acme, mailbox } = scene;
    await acme.mailTo('jane');
    const change = acme.commands.updateUser({ user_id: 'jane', email: 'new@x.example' });
    const here = await scene.start({ on: overtaken(() => acme.run(change)) });
    await acme.done();
    expect(mailbox.recipients).toEqual(['new@x.example']);
    const token = /#(mt_acme_[\w-]{43})/.exec(mailbox.received[0]?.mail.text ?? '')?.[1] ?? '';
    const known = here.instance.views.credentials.byTokenHash(hashPasswordToken(token));
    expect(known).toMatchObject({ id: 'jane', email: 'new@x.example' });
  });

  test('is the end of the user: nothing is sent', async () => {
    const { acme, mailbox } = scene;
    await acme.mailTo('jane');
    const end = acme.commands.deleteUser('jane');
    await scene.start({ on: overtaken(() => acme.run(end)) });
    await acme.done();
    await acme.mailTo('john');
    await acme.done();
    expect(mailbox.recipients).toEqual(['john@x.example']);
    expect(await acme.history('jane')).toEqual(['MailRequested']);
  });

  test.each(['MailClaimed', 'MailSent'])(
    'is the end of the client, right before %s: that is no fault',
    async (event) => {
      const faults = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
      const { acme, store } = scene;
      const client = new MailRequests(store, 'client');
      await client.run(client.commands.openUnder('acme'));
      await client.mailTo('jane');
      const watched = overtaken(() => client.run(client.commands.close()), event);
      const here = await scene.start({ on: watched });
      await until(() => here.pending === 0);
      await acme.mailTo('john');
      await acme.has('john', 'MailSent');
      expect(faults.mock.calls).toEqual([]);
      faults.mockRestore();
    },
  );
});

test('Views that do not show the claim are not asked for an address', async () => {
  const { acme, mailbox } = scene;
  const here = await scene.start({ isReady: false });
  await acme.mailTo('jane');
  await until(() => here.pending === 1);
  const repair = breakWrites(here.instance.views, 'mails', 'NEW.attempts = 1');
  here.isReady = true;
  await until(() => here.instance.projector.stoppedAccounts.length === 1);
  await idle();
  expect(await acme.history('jane')).toEqual(['MailRequested', 'MailClaimed']);
  expect(mailbox.received).toEqual([]);
  repair();
  await until(() => here.instance.projector.stoppedAccounts.length === 0);
  scene.clock.forward(LEASE_MS);
  await acme.done();
  expect(mailbox.recipients).toEqual(['jane@x.example']);
  expect(await acme.history('jane')).toEqual(['MailRequested', 'MailClaimed', 'MailClaimed', 'MailSent']);
});

test('A mail is taken on once at a time, however often the list is looked at', async () => {
  const { acme, store } = scene;
  const [watched, held] = [new WatchedStore(store), gate()];
  watched.beforeAppend = () => held.opened;
  await acme.mailTo('jane');
  const here = await scene.start({ on: watched, isReady: false });
  const looks = jest.spyOn(here.instance.views.mails, 'pendingMails');
  const commands = jest.spyOn(here.execute, 'run');
  here.isReady = true;
  await until(() => looks.mock.calls.length > 5);
  held.open();
  await acme.done();
  expect(commands.mock.calls.map(([{ type }]) => type)).toEqual(['ClaimMail', 'RecordMailSent']);
});

describe('Many mails', () => {
  const users = Array.from({ length: 60 }, (_, n) => `u${n}`);
  const addresses = users.map((user) => `${user}@x.example`).sort();

  test('are sent four at once, and no more', async () => {
    const four = gate();
    let [now, most, claimed] = [0, 0, 0];
    scene.mailbox.refuseMessage = async () => {
      most = Math.max(most, (now += 1));
      if (now === 4) {
        const histories = await Promise.all(users.map((user) => scene.acme.history(user)));
        claimed ||= histories.flat().filter((type) => type === 'MailClaimed').length;
        four.open();
      }
      await four.opened;
      await idle();
      now -= 1;
      return undefined;
    };
    await scene.acme.mailTo(...users);
    await scene.start();
    await scene.acme.done();
    expect(scene.mailbox.recipients.sort()).toEqual(addresses);
    expect([most, claimed]).toEqual([4, 4]);
  });

  test('are each sent once by two instances on one log', async () => {
    // Whoever was overtaken too often tries again at once: this clock stands still.
    const [here, there] = [await scene.start({ restMs: 0 }), await scene.start({ restMs: 0 })];
    await scene.acme.mailTo(...users);
    await scene.acme.done();
    expect(scene.mailbox.recipients.sort()).toEqual(addresses);
    await until(() => here.counted.length + there.counted.length === users.length);
    for (const user of users) expect(await scene.acme.history(user)).toEqual(sentAtOnce);
  });

  test('of an account that stands still hold up no others', async () => {
    await scene.acme.mailTo(...users);
    const globex = await MailRequests.open(scene.store, 'globex', 'Globex');
    const here = await scene.start({ isReady: false });
    const { projector } = here.instance;
    const stopped = [{ account: 'acme', kind: 'failed' as const, reason: 'disk full' }];
    Object.defineProperty(projector, 'stoppedAccounts', { configurable: true, get: () => stopped });
    here.isReady = true;
    await globex.mailTo('eve');
    await globex.has('eve', 'MailSent');
    expect(scene.mailbox.recipients).toEqual(['eve@x.example']);
    stopped.length = 0;
    await scene.acme.done();
    expect(scene.mailbox.received).toHaveLength(users.length + 1);
  });
});

describe('A stop', () => {
  test('waits for the message under way, and records that it was sent', async () => {
    const held = gate();
    scene.mailbox.refuseMessage = () => held.opened.then(() => undefined);
    const here = await scene.start({ stopPatienceMs: 300_000 });
    await scene.acme.mailTo('jane', 'john');
    await scene.acme.has('jane', 'MailClaimed');
    await scene.acme.has('john', 'MailClaimed');
    const stopped = scene.stop(here);
    await scene.acme.mailTo('late');
    held.open();
    await stopped;
    expect(await scene.acme.history('jane')).toEqual(sentAtOnce);
    expect(await scene.acme.history('john')).toEqual(sentAtOnce);
    expect(await scene.acme.history('late')).toEqual(['MailRequested']);
  });

  test('ends a message that takes too long, which is then tried again soon', async () => {
    const answered = gate();
    scene.mailbox.refuseMessage = () => answered.opened.then(() => undefined);
    const here = await scene.start({ stopPatienceMs: 20 });
    await scene.acme.mailTo('jane');
    await scene.acme.has('jane', 'MailClaimed');
    await until(() => scene.mailbox.connections === 1);
    await scene.stop(here);
    expect(await scene.acme.history('jane')).toEqual([
      'MailRequested',
      'MailClaimed',
      'MailDeferred ETIMEDOUT',
    ]);
    answered.open();
  });
});
