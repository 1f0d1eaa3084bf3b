import { describe, expect, test } from '@jest/globals';
import { StoreUnavailable } from '../../src/event-store/event-store.js';
import { type Append, gate, idle, WatchedStore } from '../support/execute.js';
import { MailScene } from '../support/mail-scene.js';
import { until } from '../support/views.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const scene = MailScene.forEachTest();

const sentAtOnce = ['MailRequested', 'MailClaimed', 'MailSent'];

describe('A refusal for good', () => {
  test.each([
    ['of the recipient', () => (scene.mailbox.refuseRecipient = () => 550)],
    ['of the message', () => (scene.mailbox.refuseMessage = () => 550)],
  ])('%s ends the mail, with nothing but the code for a reason', async (_, refuse) => {
    refuse();
    const here = await scene.start();
    await scene.acme.mailTo('jane');
    await scene.acme.done();
    expect(await scene.acme.history('jane')).toEqual([
      'MailRequested',
      'MailClaimed',
      'MailGivenUp smtp 550',
    ]);
    await here.hasCounted(['invitation given_up']);
    scene.clock.forward(48 * HOUR);
    await idle();
    expect(scene.mailbox.commands.filter((line) => line.startsWith('RCPT'))).toHaveLength(1);
  });

  test('is also an address that SMTP cannot carry', async () => {
    await scene.start();
    await scene.acme.run(scene.acme.commands.createUser('jane', { email: '"<x>"@x.example' }));
    await scene.acme.run(scene.acme.commands.requestMail('jane', 'jane-mail'));
    await scene.acme.done();
    expect(await scene.acme.history('jane')).toEqual([
      'MailRequested',
      'MailClaimed',
      'MailGivenUp EENVELOPE',
    ]);
    expect(scene.mailbox.commands).toEqual([]);
  });
});

describe('A failure for a while', () => {
  test('puts the mail off, and it is sent when its time has come, as the same message with a new token', async () => {
    const seen: string[] = [];
    scene.mailbox.refuseMessage = ({ mail }) => {
      seen.push(mail.text ?? '');
      return seen.length === 1 ? 451 : undefined;
    };
    const here = await scene.start();
    await scene.acme.mailTo('jane');
    await scene.acme.has('jane', 'MailDeferred smtp 451');
    expect(await scene.acme.deferrals('jane')).toEqual([scene.clock.now() + 5 * SECOND]);
    scene.clock.forward(5 * SECOND - 1);
    await idle();
    expect(seen).toHaveLength(1);
    scene.clock.forward(1);
    await scene.acme.done();
    expect(await scene.acme.history('jane')).toEqual([
      ...['MailRequested', 'MailClaimed', 'MailDeferred smtp 451', 'MailClaimed', 'MailSent'],
    ]);
    expect(new Set(seen).size).toBe(2);
    await here.hasCounted(['invitation deferred', 'invitation sent']);
  });

  test('puts it off for longer each time, and ends it after a day', async () => {
    scene.mailbox.refuseRecipient = () => 451;
    const here = await scene.start();
    await scene.acme.mailTo('jane');
    const begun = scene.clock.now();
    for (let times = 1; !here.counted.includes('invitation given_up'); times += 1) {
      await until(() => here.counted.length === times);
      const [last] = (await scene.acme.deferrals('jane')).slice(-1);
      scene.clock.forward(Math.max(0, (last ?? 0) - scene.clock.now()));
    }
    const pauses = [
      5 * SECOND,
      30 * SECOND,
      180 * SECOND,
      900 * SECOND,
      HOUR,
      ...Array<number>(6).fill(4 * HOUR),
    ];
    let at = begun;
    expect(await scene.acme.deferrals('jane')).toEqual(pauses.map((pause) => (at += pause)));
    expect((await scene.acme.history('jane')).at(-1)).toBe('MailGivenUp smtp 451');
    expect(scene.clock.now() - begun).toBeGreaterThan(24 * HOUR);
  });

  test('of a mail that has waited for days ends it after no fewer attempts than that of another', async () => {
    scene.mailbox.refuseRecipient = () => 451;
    await scene.acme.mailTo('jane');
    scene.clock.forward(72 * HOUR);
    const here = await scene.start();
    for (let times = 1; times <= 6; times += 1) {
      await until(() => here.counted.length === times);
      scene.clock.forward(HOUR);
    }
    expect(here.counted).toEqual([...Array<string>(5).fill('invitation deferred'), 'invitation given_up']);
  });

  test('of a mail that is asked for again is followed by an attempt at once', async () => {
    const { acme, clock, mailbox } = scene;
    let refused = 0;
    mailbox.refuseRecipient = () => (refused < 5 ? 450 : undefined);
    const here = await scene.start();
    await acme.mailTo('jane');
    for (; refused < 5; refused += 1) {
      await until(() => here.counted.length === refused + 1);
      if (refused < 4) clock.forward(900 * SECOND);
    }
    await acme.run(acme.commands.requestMail('jane', 'jane-mail-2'));
    await until(() => here.counted.length === 6);
    expect(here.counted.at(-1)).toBe('invitation sent');
    expect((await acme.history('jane')).at(-1)).toBe('MailGivenUp asked_again');
    expect(here.pending).toBe(0);
  });

  test('is a server that is down', async () => {
    await scene.mailbox.stop();
    await scene.start();
    await scene.acme.mailTo('jane');
    await scene.acme.has('jane', 'MailDeferred ECONNREFUSED');
    await scene.reopenMailbox();
    scene.clock.forward(5 * SECOND);
    await scene.acme.done();
    expect(scene.mailbox.recipients).toEqual(['jane@x.example']);
  });

  test('is a server that does not answer within the time for a message', async () => {
    const answered = gate();
    scene.mailbox.refuseMessage = () => answered.opened.then(() => undefined);
    await scene.start({ patienceMs: 20 });
    await scene.acme.mailTo('jane');
    await scene.acme.has('jane', 'MailDeferred ETIMEDOUT');
    await until(() => scene.mailbox.connections === 0);
    answered.open();
  });

  test('of one mail holds up no others', async () => {
    scene.mailbox.refuseRecipient = (address) => (address.startsWith('bad') ? 451 : undefined);
    await scene.acme.mailTo('bad1', 'bad2', 'bad3', 'bad4', 'bad5', 'good');
    const here = await scene.start({ atOnce: 1 });
    await until(() => here.counted.length === 6);
    expect(scene.mailbox.recipients).toEqual(['good@x.example']);
  });
});

describe('A log that is out of reach', () => {
  const down = () => {
    throw new StoreUnavailable('The log is out of reach');
  };
  const isOf = (type: string) => (append: Append) => append.events.some((event) => event.type === type);

  /** A log where appends of an event fail until that ends. */
  function failing(type: string): { readonly watched: WatchedStore; readonly tries: () => number } {
    const watched = new WatchedStore(scene.store);
    watched.beforeAppend = (append) => {
      if (isOf(type)(append)) down();
    };
    return { watched, tries: () => watched.appends.filter(isOf(type)).length };
  }

  test('when a mail is to be taken on: it is tried again after a while', async () => {
    const { watched, tries } = failing('MailClaimed');
    await scene.start({ on: watched });
    await scene.acme.mailTo('jane');
    await until(() => tries() > 0);
    watched.beforeAppend = () => undefined;
    scene.clock.forward(10);
    await scene.acme.done();
    expect(await scene.acme.history('jane')).toEqual(sentAtOnce);
    expect(scene.mailbox.received).toHaveLength(1);
  });

  test('when a mail was sent: that is recorded later, and the mail is not sent again', async () => {
    const { watched, tries } = failing('MailSent');
    const here = await scene.start({ on: watched });
    await scene.acme.mailTo('jane');
    // More than the patience for one command: it was sent anew.
    const commands = () =>
      new Set(watched.appends.filter(isOf('MailSent')).map(({ events }) => events[0]?.id));
    await until(() => commands().size > 2);
    expect(tries()).toBeGreaterThan(2);
    watched.beforeAppend = () => undefined;
    await scene.acme.done();
    await here.hasCounted(['invitation sent']);
    expect(await scene.acme.history('jane')).toEqual(sentAtOnce);
    expect(scene.mailbox.received).toHaveLength(1);
  });

  test('for longer than the lease: the same message is sent again, and recorded once', async () => {
    const { watched, tries } = failing('MailSent');
    await scene.start({ on: watched });
    await scene.acme.mailTo('jane');
    await until(() => tries() > 0);
    scene.clock.forward(120_000);
    await until(() => {
      // The mail also rests a little after what could not be recorded.
      scene.clock.forward(1);
      return scene.mailbox.received.length === 2;
    });
    watched.beforeAppend = () => undefined;
    await scene.acme.done();
    expect(await scene.acme.history('jane')).toEqual([
      'MailRequested',
      'MailClaimed',
      'MailClaimed',
      'MailSent',
    ]);
    expect(new Set(scene.mailbox.received.map(({ mail }) => mail.messageId)).size).toBe(1);
  });
});

test('A mail is not sent on a claim that ends too soon: another may have it by then', async () => {
  const { acme, store, mailbox, clock } = scene;
  const watched = new WatchedStore(store);
  let claims = 0;
  watched.beforeAppend = ({ events }) => {
    if (!events.some(({ type }) => type === 'MailClaimed')) return;
    claims += 1;
    if (claims === 1) clock.forward(60_001);
  };
  await acme.mailTo('jane');
  await scene.start({ on: watched });
  await until(() => claims === 1);
  await idle();
  expect(mailbox.received).toEqual([]);
  clock.forward(60_000);
  await acme.done();
  expect(mailbox.received).toHaveLength(1);
  expect(await acme.history('jane')).toEqual(['MailRequested', 'MailClaimed', 'MailClaimed', 'MailSent']);
});
