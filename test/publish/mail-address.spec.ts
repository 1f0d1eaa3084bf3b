import { describe, expect, jest, test } from '@jest/globals';
import { hashPasswordToken } from '../../src/application/secrets.js';
import { gate, WatchedStore } from '../support/execute.js';
import { MailScene } from '../support/mail-scene.js';
import type { MailingInstance } from '../support/mailing.js';
import { until } from '../support/views.js';

const scene = MailScene.forEachTest();

describe('An address that changes while its mail goes out', () => {
  const change = () => scene.acme.commands.updateUser({ user_id: 'jane', email: 'new@x.example' });
  const [resent, CHANGED] = [['MailClaimed', 'MailSent'], 'MailDeferred address_changed'];

  /** The mail goes to the new address when its time has come, with a link that works there. */
  async function goesToNewAddress(here: MailingInstance): Promise<void> {
    const { acme, mailbox, clock } = scene;
    await acme.has('jane', CHANGED);
    clock.forward(5_000);
    await acme.done();
    expect(mailbox.recipients.at(-1)).toBe('new@x.example');
    expect(await acme.history('jane')).toEqual(['MailRequested', 'MailClaimed', CHANGED, ...resent]);
    const token = /#(mt_acme_[\w-]{43})/.exec(mailbox.received.at(-1)?.mail.text ?? '')?.[1] ?? '';
    const known = here.instance.views.credentials.byTokenHash(hashPasswordToken(token));
    expect(known).toMatchObject({ id: 'jane', email: 'new@x.example' });
  }

  test('right behind the claim, in the same append: no mail goes out with a link that is dead already', async () => {
    const { acme, store, mailbox } = scene;
    const [watched, held] = [new WatchedStore(store), gate()];
    await acme.mailTo('jane');
    const here = await scene.start({ on: watched, isReady: false });
    // The claim and the change wait behind a command whose append takes its time.
    watched.beforeAppend = () => held.opened;
    const first = here.execute.run(acme.commands.createUser('john'));
    await until(() => watched.appends.length === 1);
    const run = jest.spyOn(here.execute, 'run');
    here.isReady = true;
    await until(() => run.mock.calls.length === 1);
    const changed = here.execute.run(change());
    held.open();
    await Promise.all([first, changed]);
    await goesToNewAddress(here);
    expect(mailbox.recipients).toEqual(['new@x.example']);
  });

  test.each([
    ['takes it', undefined],
    ['refuses it for good', 550],
  ])('while the server has the message and %s: the mail goes to the new one as well', async (_, code) => {
    const { acme, mailbox } = scene;
    const [held, seen] = [gate(), gate()];
    mailbox.refuseMessage = ({ to }) => {
      if (to[0] !== 'jane@x.example') return undefined;
      seen.open();
      return held.opened.then(() => code);
    };
    const here = await scene.start();
    await acme.mailTo('jane');
    await seen.opened;
    await here.execute.run(change());
    held.open();
    await goesToNewAddress(here);
  });
});
