import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { simpleParser } from 'mailparser';
import { failureOf } from '../../src/publish/mail-failure.js';
import { type MailMessage, mailMessage } from '../../src/publish/mail-message.js';
import { Outbox } from '../../src/publish/outbox.js';
import { inDirectory } from '../support/views.js';

const from = { name: 'Muster', address: 'muster@localhost' };

function message(text = 'Grüße\n\nM'): MailMessage {
  return mailMessage('e1', from, 'jane@example.com', { subject: 'S', text, html: '<p>H</p>\n<p>I</p>' }, 0);
}

test('a mail becomes a file of its own, which only its owner may read', async () => {
  await inDirectory(async (directory) => {
    const outbox = join(directory, 'data', 'outbox');
    await new Outbox(outbox).send(message());
    expect(readdirSync(outbox)).toEqual(['e1.eml']);
    expect(statSync(outbox).mode & 0o777).toBe(0o700);
    expect(statSync(join(outbox, 'e1.eml')).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(join(outbox, 'e1.eml'));
    expect(bytes.toString()).not.toMatch(/[^\r]\n/);
    const mail = await simpleParser(bytes);
    expect(mail).toMatchObject({ subject: 'S', text: 'Grüße\n\nM', messageId: '<e1@localhost>' });
    expect(mail.html).toContain('<p>H</p>');
  });
});

test('a mail that is sent again takes the place of its file', async () => {
  await inDirectory(async (directory) => {
    const outbox = new Outbox(directory);
    await outbox.send(message('first'));
    await outbox.send(message('second'));
    expect(readdirSync(directory)).toEqual(['e1.eml']);
    expect(readFileSync(join(directory, 'e1.eml'), 'utf8')).toContain('second');
  });
});

test('what a crash has left of a file is in the way of nobody', async () => {
  await inDirectory(async (directory) => {
    writeFileSync(join(directory, 'e1.eml.new'), 'x'.repeat(10_000));
    await new Outbox(directory).send(message());
    expect(readdirSync(directory)).toEqual(['e1.eml']);
    expect(readFileSync(join(directory, 'e1.eml'), 'utf8')).not.toContain('xxx');
  });
});

test('a file that cannot be written is a failure for a while', async () => {
  await inDirectory(async (directory) => {
    mkdirSync(join(directory, 'e1.eml'));
    const failed = await new Outbox(directory).send(message()).catch((error: unknown) => failureOf(error));
    expect(failed).toEqual({ isPermanent: false, reason: 'EISDIR' });
  });
});
