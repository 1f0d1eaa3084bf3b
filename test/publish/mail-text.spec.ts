import { expect, test } from '@jest/globals';
import { type MailFacts, mailText } from '../../src/publish/mail-text.js';

const facts: MailFacts = {
  ...{ kind: 'welcome', account_name: 'Acme', first_name: 'Jane', has_password: false },
  ...{ link: 'https://acme.example/password#mt_1', expires: Date.parse('2026-03-01T23:59:59.999Z') },
};
const kinds = ['welcome', 'invitation', 'password_reset'] as const;

test.each(kinds)(
  '%s: both forms name account and user, have the link, and say until when it works',
  (kind) => {
    const { subject, text, html } = mailText({ ...facts, kind });
    expect(subject).toContain('Acme');
    for (const form of [text, html])
      for (const part of ['Jane', 'Acme', facts.link, '2026-03-01 23:59 UTC']) expect(form).toContain(part);
    expect(text).not.toMatch(/[<>]/);
  },
);

test('the three kinds say different things', () => {
  expect(new Set(kinds.map((kind) => mailText({ ...facts, kind }).subject)).size).toBe(3);
});

test('the welcome mail of a user with a password says that it works, and that another may be chosen', () => {
  const [without, having] = [false, true].map((has_password) => mailText({ ...facts, has_password }));
  expect(without?.text).toMatch(/choose a password/);
  expect(without?.text).not.toMatch(/sign in with/);
  expect(having?.text).toMatch(/sign in with this e-mail address and the password that was set/);
  expect(having?.text).toMatch(/another one, choose it here/);
});

test('HTML shows what names contain, and does not obey it', () => {
  const name = `<script>alert("1")</script> & 'co'`;
  const { html, text } = mailText({ ...facts, account_name: name, first_name: '<img src=x>' });
  expect(html).not.toMatch(/<script|<img/);
  expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;co&#39;');
  expect(text).toContain(name);
  const link = `https://acme.example/?a=1&b="><b>`;
  expect(mailText({ ...facts, link }).html).toContain(
    'href="https://acme.example/?a=1&amp;b=&quot;&gt;&lt;b&gt;"',
  );
});

test('names stay on their line, whatever is in them', () => {
  const account_name = ' A\r\nBcc: eve@evil.example\u2028\u2029\u0085\u202eB\t\0C ';
  const { subject, text } = mailText({
    ...facts,
    account_name,
    first_name: 'Jane\r\n\r\nclick https://evil',
  });
  expect(subject).toBe('Welcome to A Bcc: eve@evil. example B C');
  expect(text.split('\n')[0]).toBe('Hello Jane click evil,');
});

const about = { webhook_id: '7d1b', host: 'hooks.example.com', percent: 70, cause: 'status_500' } as const;

test.each([
  ['webhook_warned', about, ['70 %', 'status_500', '7d1b', 'hooks. example. com', 'Acme', 'Jane']],
  ['webhook_disabled', { ...about, percent: null, cause: 'gone' }, ['410', '7d1b', 'Acme', 'Jane']],
  ['webhook_disabled', { ...about, percent: null, cause: 'exhausted' }, ['not accepted in any attempt']],
] as const)('%s: tells of the webhook, without a link', (kind, webhook, parts) => {
  const { text, html } = mailText({
    kind,
    account_name: 'Acme',
    first_name: 'Jane',
    has_password: true,
    about: webhook,
  });
  for (const part of parts) for (const form of [text, html]) expect(form).toContain(part);
  expect(text + html).not.toMatch(/https?:|<a |hooks\.example|link works/);
});
