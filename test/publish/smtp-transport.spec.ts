import { once, setMaxListeners } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { failureOf, type MailFailure } from '../../src/publish/mail-failure.js';
import { type MailMessage, mailMessage } from '../../src/publish/mail-message.js';
import { SmtpTransport } from '../../src/publish/smtp-transport.js';
import { gate } from '../support/execute.js';
import { Mailbox, selfSigned } from '../support/mailbox.js';
import { until } from '../support/views.js';

const never = new AbortController().signal;
setMaxListeners(0, never);
const open: { stop(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop();
});

async function mailbox(...options: Parameters<typeof Mailbox.start>): Promise<Mailbox> {
  const started = await Mailbox.start(...options);
  open.push(started);
  return started;
}

function transportTo(url: string, connections = 2): SmtpTransport {
  const transport = new SmtpTransport(url, connections);
  open.push({ stop: () => transport.close() });
  return transport;
}

function message(id = 'e1'): MailMessage {
  const from = { name: '', address: 'no-reply@muster.example' };
  return mailMessage(id, from, 'jane@example.com', { subject: 'S', text: 'T', html: '<p>T</p>' }, 0);
}

/** What becomes of a message, by its failure. */
async function failure(transport: SmtpTransport, signal = never): Promise<MailFailure> {
  return transport.send(message(), signal).then(
    () => Promise.reject(new Error('It was taken on')),
    (error: unknown) => failureOf(error),
  );
}

describe('A message', () => {
  test('is taken on over few connections, which are kept for the next ones', async () => {
    const server = await mailbox();
    const transport = transportTo(server.url, 2);
    let most = 0;
    server.refuseMessage = () => {
      most = Math.max(most, server.connections);
      return undefined;
    };
    await Promise.all(Array.from({ length: 20 }, (_, n) => transport.send(message(`e${n}`), never)));
    expect(server.received).toHaveLength(20);
    expect(most).toBe(2);
    transport.close();
    await until(() => server.connections === 0);
  });

  test('goes to a server that asks for a password, and encrypts when its certificate is trusted', async () => {
    const server = await mailbox({
      ...{ key: selfSigned.key, cert: selfSigned.cert, disabledCommands: [], authOptional: false },
      onAuth: ({ username, password }, { secure }, done) =>
        done(null, secure && username === 'us@er' && password === 'p:ss/?#' ? { user: 'u' } : {}),
    });
    const url = `smtp://us%40er:p%3Ass%2F%3F%23@127.0.0.1:${server.port}?tls.rejectUnauthorized=false`;
    await transportTo(url).send(message(), never);
    expect(server.recipients).toEqual(['jane@example.com']);
  });

  test('goes over TLS from the start with smtps', async () => {
    const server = await mailbox({ ...selfSigned, secure: true });
    const url = `smtps://127.0.0.1:${server.port}?tls.rejectUnauthorized=false`;
    await transportTo(url).send(message(), never);
    expect(server.recipients).toEqual(['jane@example.com']);
  });
});

describe('A refusal is permanent', () => {
  test.each([550, 551, 552, 553, 554])('with %d for the recipient', async (code) => {
    const server = await mailbox();
    server.refuseRecipient = () => code;
    expect(await failure(transportTo(server.url))).toEqual({ isPermanent: true, reason: `smtp ${code}` });
  });

  test.each([550, 552, 554])('with %d for the message', async (code) => {
    const server = await mailbox();
    server.refuseMessage = () => code;
    expect(await failure(transportTo(server.url))).toEqual({ isPermanent: true, reason: `smtp ${code}` });
  });

  test('and does not spoil the connection for the next message', async () => {
    const server = await mailbox();
    server.refuseRecipient = () => 550;
    const transport = transportTo(server.url, 1);
    await failure(transport);
    server.refuseRecipient = () => undefined;
    await transport.send(message(), never);
    expect(server.received).toHaveLength(1);
  });
});

describe('A failure is for a while', () => {
  const forNow = (reason: string) => ({ isPermanent: false, reason });

  test.each([421, 450, 451, 452, 503, 530])('with %d for the recipient', async (code) => {
    const server = await mailbox();
    server.refuseRecipient = () => code;
    expect(await failure(transportTo(server.url))).toEqual(forNow(`smtp ${code}`));
  });

  test.each([421, 451, 452])('with %d for the message', async (code) => {
    const server = await mailbox();
    server.refuseMessage = () => code;
    expect(await failure(transportTo(server.url))).toEqual(forNow(`smtp ${code}`));
  });

  test('when the server refuses the sender: that is about the settings', async () => {
    const server = await mailbox();
    server.refuseSender = () => 550;
    expect(await failure(transportTo(server.url))).toEqual(forNow('smtp 550'));
  });

  test('when the password is wrong', async () => {
    const server = await mailbox({
      ...{ disabledCommands: ['STARTTLS'], allowInsecureAuth: true },
      onAuth: (_auth, _session, done) => done(new Error('no')),
    });
    expect(await failure(transportTo(`smtp://a:b@127.0.0.1:${server.port}`))).toEqual(forNow('smtp 535'));
  });

  test('when nobody listens, and goes away when somebody does', async () => {
    const server = await mailbox();
    await server.stop();
    const transport = transportTo(server.url);
    expect(await failure(transport)).toEqual(forNow('ECONNREFUSED'));
    const again = await mailbox({}, server.port);
    await transport.send(message(), never);
    expect(again.received).toHaveLength(1);
  });

  test('when there is no such host', async () => {
    const { isPermanent, reason } = await failure(transportTo('smtp://nowhere.invalid'));
    expect(isPermanent).toBe(false);
    expect(reason).toMatch(/^E[A-Z_]+$/);
  });

  test('when the server does not say a word', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    open.push({ stop: () => server.close() });
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `smtp://127.0.0.1:${port}?greetingTimeout=20`;
    expect(await failure(transportTo(url))).toEqual(forNow('ETIMEDOUT'));
  });

  test('when the server never answers the message: whoever waits gives up and hangs up', async () => {
    const server = await mailbox();
    const [begun, answered] = [gate(), gate()];
    server.refuseMessage = () => {
      begun.open();
      return answered.opened.then(() => undefined);
    };
    const abort = new AbortController();
    const failed = failure(transportTo(server.url), abort.signal);
    await begun.opened;
    abort.abort();
    expect(await failed).toEqual(forNow('ETIMEDOUT'));
    await until(() => server.connections === 0);
    answered.open();
  });

  test('when the connection is lost in the middle of it', async () => {
    const server = await mailbox();
    server.refuseMessage = () => {
      server.cut();
      return undefined;
    };
    expect(await failure(transportTo(server.url))).toEqual(forNow('ECONNECTION'));
  });

  test('when the certificate is nobody’s that is trusted, by STARTTLS and by smtps', async () => {
    const server = await mailbox(selfSigned);
    expect(await failure(transportTo(server.url))).toEqual(forNow('DEPTH_ZERO_SELF_SIGNED_CERT'));
    const secure = await mailbox({ ...selfSigned, secure: true });
    const url = `smtps://127.0.0.1:${secure.port}`;
    expect(await failure(transportTo(url))).toEqual(forNow('DEPTH_ZERO_SELF_SIGNED_CERT'));
    expect([...server.received, ...secure.received]).toEqual([]);
  });

  test('when encryption is required and the server has none', async () => {
    const server = await mailbox();
    expect(await failure(transportTo(`${server.url}?requireTLS=true`))).toEqual(forNow('smtp 500'));
  });
});

test('a failure tells nothing that the server has said', async () => {
  const server = await mailbox();
  server.refuseRecipient = () => 550;
  expect(JSON.stringify(await failure(transportTo(server.url)))).not.toMatch(/private|welcome|jane/);
});

test.each([
  new Error('x'),
  undefined,
  'text',
  { code: 'with blank' },
  { code: 5 },
  new TypeError('jane@x.y'),
])('what is no failure of a transport (%p) is one for a while, and tells nothing', (error) => {
  expect(failureOf(error)).toEqual({ isPermanent: false, reason: 'unknown' });
});
