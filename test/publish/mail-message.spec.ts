import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type MailMessage, mailMessage, Undeliverable } from '../../src/publish/mail-message.js';
import { mailText } from '../../src/publish/mail-text.js';
import { SmtpTransport } from '../../src/publish/smtp-transport.js';
import { Mailbox, type Received } from '../support/mailbox.js';

const from = { name: 'Muster, "Inc."', address: 'no-reply@muster.example' };
const eventId = '0b5f7a52-6c1e-4a9e-9d0e-3f1f6f1f2a10';
const date = Date.parse('2026-03-01T12:00:00.000Z');

let mailbox: Mailbox;
let transport: SmtpTransport;

beforeAll(async () => {
  mailbox = await Mailbox.start();
  transport = new SmtpTransport(mailbox.url, 2);
});
afterAll(async () => {
  transport.close();
  await mailbox.stop();
});

function message(to: string, names: { account_name?: string; first_name?: string } = {}): MailMessage {
  const link = 'https://acme.example/password#mt_1';
  const facts = { kind: 'welcome', has_password: false, expires: date, link } as const;
  const text = mailText({ account_name: 'Acme', first_name: 'Jane', ...facts, ...names });
  return mailMessage(eventId, from, to, text, date);
}

/** What the server has of a message that was sent to it. */
async function sent(one: MailMessage): Promise<Received> {
  mailbox.received.length = mailbox.commands.length = 0;
  await transport.send(one, new AbortController().signal);
  const [received, ...more] = mailbox.received;
  if (!received || more.length > 0) throw new Error(`There are ${mailbox.received.length} messages`);
  return received;
}

/** The names of the header fields, as they are in the bytes. */
function fields({ raw }: Received): string[] {
  const [head = ''] = raw.split('\r\n\r\n');
  return [...head.matchAll(/^([^\s:]+):/gm)].map(([, name = '']) => name.toLowerCase()).sort();
}

const allFields = [
  'auto-submitted',
  'content-type',
  'date',
  'from',
  'message-id',
  'mime-version',
  'subject',
  'to',
];

test('a message has two forms of the same text, and the fields of a mail that no person has written', async () => {
  const received = await sent(message('jane@example.com'));
  expect(received).toMatchObject({ from: from.address, to: ['jane@example.com'] });
  const { mail } = received;
  expect(mail.from?.value).toEqual([from]);
  expect(mail.messageId).toBe(`<${eventId}@muster.example>`);
  expect(mail.date).toEqual(new Date(date));
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  expect(mail.subject).toBe('Welcome to Acme');
  expect(mail.text).toContain('https://acme.example/password#mt_1');
  expect(mail.html).toContain('<a href="https://acme.example/password#mt_1">');
  expect(mail.attachments).toEqual([]);
  expect(received.raw).not.toMatch(/[^\r]\n|\r[^\n]/);
  expect(received.raw).toMatch(/^Content-Type: multipart\/alternative;/m);
  expect(fields(received)).toEqual(allFields);
});

const names = [
  ...[
    'Acme\r\nBcc: eve@evil.example',
    'Acme\r\n\r\n<b>x</b>',
    'Acme\nX-Spam: no',
    'Acme\rTo: eve@evil.example',
  ],
  ...[
    'Acme, Globex; Initech',
    '"Acme" \\ <eve@evil.example>',
    'Ünïcödé 🦄 株式会社',
    'A: b; c=d',
    '%0d%0aBcc: x@y',
  ],
  ...[
    '=?utf-8?Q?Free_money?=',
    'x =?utf-8?B?QmNjOiBldmVAZXZpbC5leGFtcGxl?= y',
    '=?utf-8?Q?a=0d=0aBcc:_x@y?=',
    '=?',
  ],
  ...['x'.repeat(255), '株'.repeat(255), '=?utf-8?Q?x?= '.repeat(18)],
];

test.each(names)('an account or a user called %j is nothing but a name', async (name) => {
  const received = await sent(message('jane@example.com', { account_name: name, first_name: name }));
  expect(received.to).toEqual(['jane@example.com']);
  // Names in mails are short, and no address to click on.
  const whole = name
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\.(?=\S)/g, '. ');
  const points = Array.from(whole);
  const shown = points.length > 60 ? `${points.slice(0, 59).join('').trim()}…` : whole;
  expect(received.mail.subject).toBe(`Welcome to ${shown}`);
  expect(received.mail.text).toContain(`Hello ${shown},`);
  expect(fields(received)).toEqual(allFields);
  expect(Math.max(...received.raw.split('\r\n').map((line) => Buffer.byteLength(line)))).toBeLessThan(999);
});

const addresses = [
  ["o'hara+x/y=z@example.com", 'a@sub.example.co.uk', `${'x'.repeat(64)}@example.com`, '$%&@example.com'],
  ['"a, b"@example.com', '"a;b"@example.com', String.raw`"a\"b"@example.com`, '"=?utf-8?Q?x?="@example.com'],
  ['"x@evil.example,"@example.com', '"a b"@example.com', 'jürgen@example.com', 'jane@jõgeva.example'],
].flat();

describe('An address', () => {
  test.each(addresses)('%s is the one recipient', async (address) => {
    // This server takes no blanks in addresses; others do.
    await sent(message(address)).catch((error: unknown) =>
      expect(error).toMatchObject({ responseCode: 501 }),
    );
    const ascii = address.replace('jõgeva', 'xn--jgeva-dua');
    expect(mailbox.commands.filter((line) => /^(MAIL|RCPT)/.test(line))).toEqual([
      expect.stringMatching(/^MAIL FROM:<no-reply@muster\.example>/),
      `RCPT TO:<${ascii}>`,
    ]);
    for (const received of mailbox.received) {
      expect(received.to).toEqual([address]);
      expect(fields(received)).toEqual(allFields);
    }
  });

  test.each([
    ...[
      '',
      'nobody',
      '@example.com',
      'a@',
      'a@b@c.example',
      'a b@example.com',
      'a@exa mple.com',
      '"a@example.com',
    ],
    ...[
      'a@example.com, eve@evil.example',
      'a@example.com;eve@evil.example',
      'a,b@example.com',
      'g: a@b.example;',
    ],
    ...[
      'a@example.com\r\nRCPT TO:<eve@evil.example>',
      'a\n@example.com',
      'a\0@example.com',
      '"\r\n"@example.com',
    ],
    ...['Jane <jane@example.com>', '<jane@example.com>', '"<x>"@example.com', 'a(comment)@example.com'],
    ...[`${'x'.repeat(65)}@example.com`, `a@${'x'.repeat(260)}.example`, `${'é'.repeat(33)}@example.com`],
    // The client makes others of these on their way.
    ...[
      'jane@exam\u00adple.com',
      'jane@ⓔxample.com',
      'jane@ｅxample.com',
      'jane@example。com',
      'jane@exam\u200bple.com',
    ],
    ...['jürgen@ⓔxample.com', 'jane@\u2060example.com', 'jane@x².com'],
  ])('%j cannot be written to', (address) => {
    expect(() => message(address)).toThrow(Undeliverable);
  });
});

test('an id that is none of a file becomes one, the same each time', () => {
  const [one, other] = ['../x', '../x', '../y'].map((id) =>
    mailMessage(id, from, 'a@b.example', { subject: '', text: '', html: '' }, date),
  );
  expect(one?.id).toMatch(/^[0-9a-f]{64}$/);
  expect(one?.id).toBe(other?.id);
});
