import { afterEach, describe, expect, test } from '@jest/globals';
import type { SMTPServerOptions } from 'smtp-server';
import { failureOf } from '../../src/publish/mail-failure.js';
import { mailMessage } from '../../src/publish/mail-message.js';
import { SmtpTransport } from '../../src/publish/smtp-transport.js';
import { Mailbox, selfSigned } from '../support/mailbox.js';
import { MailScene } from '../support/mail-scene.js';

const never = new AbortController().signal;
const open: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

async function mailbox(options: SMTPServerOptions): Promise<Mailbox> {
  const started = await Mailbox.start(options);
  open.push(started);
  return started;
}

/** What becomes of a mail: `sent`, or why not. */
async function attempt(url: string, to = 'jane@example.com', name = 'Jane'): Promise<unknown> {
  const transport = new SmtpTransport(url, 2);
  open.push({ stop: () => transport.close() });
  const from = { name, address: 'no-reply@muster.example' };
  const message = mailMessage('e1', from, to, { subject: name, text: name, html: `<p>${name}</p>` }, 0);
  return transport.send(message, never).then(() => 'sent', failureOf);
}

const verbs = ({ commands }: Mailbox) =>
  commands.map((line) => /^(AUTH( \S+)?|[A-Z]{4,8}|\.)(?= |$)/.exec(line)?.[0] ?? 'reply');

describe('An address beyond ASCII in front of the @', () => {
  const address = 'jürgen@jõgeva.example';

  test('is given up with a code at a server that takes none, which hears nothing of it', async () => {
    const server = await mailbox({ hideSMTPUTF8: true });
    expect(await attempt(server.url, address)).toEqual({ isPermanent: true, reason: 'no_smtputf8' });
    expect(verbs(server)).toEqual(['EHLO']);
  });

  test('is written to at a server that takes it, which is told so', async () => {
    const server = await mailbox({});
    expect(await attempt(server.url, address)).toBe('sent');
    expect(server.commands).toContain('MAIL FROM:<no-reply@muster.example> SMTPUTF8');
    expect(server.commands).toContain('RCPT TO:<jürgen@jõgeva.example>');
  });

  test('behind the @ it has a form in ASCII, which any server takes', async () => {
    const server = await mailbox({ hideSMTPUTF8: true });
    expect(await attempt(server.url, 'jane@jõgeva.example')).toBe('sent');
    expect(server.commands).toContain('MAIL FROM:<no-reply@muster.example>');
    expect(server.received[0]?.raw).toMatch(/^To: jane@xn--jgeva-dua\.example\r$/m);
  });

  test('is given up after each server’s own offer, not after what another one has said', async () => {
    const able = await mailbox({});
    const transport = new SmtpTransport(able.url, 2);
    open.push({ stop: () => transport.close() });
    const from = { name: '', address: 'no-reply@muster.example' };
    const to = (one: string) => mailMessage('e1', from, one, { subject: 'S', text: 'T', html: 'T' }, 0);
    await transport.send(to(address), never);
    await transport.send(to('jane@example.com'), never);
    await able.stop();
    const unable = await Mailbox.start({ hideSMTPUTF8: true }, able.port);
    open.push(unable);
    const failed = await transport.send(to(address), never).then(() => 'sent', failureOf);
    expect(failed).toEqual({ isPermanent: true, reason: 'no_smtputf8' });
    await transport.send(to('jane@example.com'), never);
    expect(unable.recipients).toEqual(['jane@example.com']);
  });
});

describe('What a server does not offer is not used', () => {
  const nothing: SMTPServerOptions = {
    ...{ hideSMTPUTF8: true, hide8BITMIME: true, hidePIPELINING: true, hideDSN: true, size: 0 },
  };

  test.each([
    ['offers no extension', nothing],
    ['does not know EHLO', { ...nothing, disabledCommands: ['EHLO', 'AUTH', 'STARTTLS'] }],
  ])('a server that %s gets a message of seven-bit lines, one command at a time', async (_, options) => {
    const server = await mailbox(options);
    expect(await attempt(server.url, 'jane@example.com', 'Jürgen 🦄 株式会社')).toBe('sent');
    const [received] = server.received;
    expect(received?.raw).toMatch(/^[\r\n\x20-\x7e]+$/);
    expect(received?.mail.text).toContain('Jürgen 🦄 株式会社');
    expect(server.commands.filter((line) => line.startsWith('MAIL'))).toEqual([
      'MAIL FROM:<no-reply@muster.example>',
    ]);
  });

  test('a message larger than the server takes is given up when it says so', async () => {
    const server = await mailbox({ size: 100 });
    server.refuseMessage = () => 552;
    expect(await attempt(server.url)).toEqual({ isPermanent: true, reason: 'smtp 552' });
  });

  test.each([
    ['STARTTLS', ['AUTH', 'STARTTLS']],
    ['EHLO', ['AUTH', 'STARTTLS', 'EHLO']],
  ])('nothing is sent where TLS is required and the server has no %s', async (_, disabledCommands) => {
    const server = await mailbox({ disabledCommands });
    const result = await attempt(`${server.url}?requireTLS=true`);
    expect(result).toEqual({ isPermanent: false, reason: 'smtp 500' });
    expect(verbs(server).filter((verb) => /^(AUTH|MAIL|RCPT|DATA)/.test(verb))).toEqual([]);
  });
});

describe('Muster signs in by what the server offers', () => {
  const [user, password] = ['us@er', 'pä:ss/?#'];
  const signIn: SMTPServerOptions = {
    ...{ disabledCommands: ['STARTTLS'], allowInsecureAuth: true },
    onAuth: (auth, _session, done) => {
      const { username, method } = auth;
      const isRight = method === 'CRAM-MD5' ? auth.validatePassword(password) : auth.password === password;
      done(isRight && username === user ? null : new Error('no'), { user: username });
    },
  };
  const to = ({ port }: Mailbox, query = '') =>
    `smtp://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}${query}`;

  test.each([
    [['PLAIN', 'LOGIN', 'CRAM-MD5'], '', ['AUTH PLAIN']],
    [['LOGIN'], '', ['AUTH LOGIN', 'reply', 'reply']],
    [['CRAM-MD5'], '', ['AUTH CRAM-MD5', 'reply']],
    [['CRAM-MD5', 'LOGIN'], '', ['AUTH LOGIN', 'reply', 'reply']],
    [['PLAIN', 'LOGIN'], '?authMethod=LOGIN', ['AUTH LOGIN', 'reply', 'reply']],
    [['PLAIN', 'CRAM-MD5'], '?authMethod=CRAM-MD5', ['AUTH CRAM-MD5', 'reply']],
  ])('%p, with the setting %j', async (authMethods, query, steps) => {
    const server = await mailbox({ ...signIn, authMethods });
    expect(await attempt(to(server, query))).toBe('sent');
    expect(verbs(server).slice(0, 1 + steps.length)).toEqual(['EHLO', ...steps]);
  });

  test('once for each connection, and after STARTTLS by what is offered then', async () => {
    const server = await mailbox({ ...signIn, ...selfSigned, disabledCommands: [] });
    expect(await attempt(to(server, '?tls.rejectUnauthorized=false'))).toBe('sent');
    expect(verbs(server).slice(0, 4)).toEqual(['EHLO', 'STARTTLS', 'EHLO', 'AUTH PLAIN']);
  });

  test.each([['PLAIN'], ['LOGIN'], ['CRAM-MD5']])(
    'a password refused by %s is a failure for a while',
    async (one) => {
      const server = await mailbox({ ...signIn, authMethods: [one] });
      const result = await attempt(`smtp://a:b@127.0.0.1:${server.port}`);
      expect(result).toEqual({ isPermanent: false, reason: 'smtp 535' });
      expect(server.received).toEqual([]);
    },
  );

  test('the mechanism of the settings is not used where others are offered: it may be for a while', async () => {
    const server = await mailbox({ ...signIn, authMethods: ['PLAIN'] });
    const result = await attempt(to(server, '?authMethod=CRAM-MD5'));
    expect(result).toEqual({ isPermanent: false, reason: 'no_auth_method' });
    expect(verbs(server)).toEqual(['EHLO']);
  });

  test.each([
    ['no sign-in', { disabledCommands: ['AUTH', 'STARTTLS'] }],
    ['a mechanism that Muster has not', { ...signIn, authMethods: ['GSSAPI'], authOptional: true }],
    [
      'nothing, as it does not know EHLO',
      { ...signIn, disabledCommands: ['EHLO', 'STARTTLS'], authOptional: true },
    ],
  ])('a server that offers %s is told no password', async (_, options) => {
    const server = await mailbox(options);
    expect(await attempt(to(server))).toBe('sent');
    expect(server.commands.filter((line) => line.startsWith('AUTH'))).toEqual([]);
  });

  test('a server that insists on a sign-in it does not offer says so itself', async () => {
    const server = await mailbox({ ...signIn, authMethods: ['GSSAPI'] });
    expect(await attempt(to(server))).toEqual({ isPermanent: false, reason: 'smtp 530' });
  });
});

describe('In the log', () => {
  const scene = MailScene.forEachTest({ hideSMTPUTF8: true });

  test('a mail to an address that the server cannot take is given up, and says why', async () => {
    const { acme } = scene;
    await scene.start();
    await acme.run(acme.commands.createUser('jane', { email: 'jürgen@x.example' }));
    await acme.run(acme.commands.requestMail('jane', 'jane-mail'));
    await acme.done();
    expect(await acme.history('jane')).toEqual(['MailRequested', 'MailClaimed', 'MailGivenUp no_smtputf8']);
    expect(scene.mailbox.received).toEqual([]);
  });
});
