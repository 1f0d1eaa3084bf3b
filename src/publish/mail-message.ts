import { createHash } from 'node:crypto';
import type { SendMailOptions } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import { encodeWord } from 'nodemailer/lib/mime-funcs';
import type { MailAddress } from '../config/mail-address.js';
import { isSameMailbox } from '../domain/email-address.js';
import type { MailText } from './mail-text.js';

/** A mail as it is sent. */
export interface MailMessage {
  /** Can be the name of a file. It is the same for every attempt at the same mail. */
  readonly id: string;
  readonly options: SendMailOptions;
  /** Whether only a server that takes addresses beyond ASCII can take it (SMTPUTF8, RFC 6531). */
  readonly isInternational: boolean;
}

/** The address cannot stand in the commands of SMTP, or they would carry another address. */
export class Undeliverable extends Error {}

/**
 * @param eventId the id of the event that asked for the mail
 * @param to the address of the one recipient
 * @param date in milliseconds since the epoch
 * @throws Undeliverable
 */
export function mailMessage(
  eventId: string,
  from: MailAddress,
  to: string,
  { subject, text, html }: MailText,
  date: number,
): MailMessage {
  if (!isCarried(to)) throw new Undeliverable('The address cannot be written to');
  const id = /^[0-9A-Za-z-]{1,100}$/.test(eventId) ? eventId : sha256(eventId);
  // An address is an object, because a text would be parsed.
  // It has no name, because some mail readers decode a name in quotes.
  const recipient = { name: '', address: to };
  const message: MailMessage = {
    id,
    // A domain can be written in ASCII. The part before the @ cannot.
    isInternational: /[^\0-\x7f]/.test(to.slice(0, to.lastIndexOf('@'))),
    options: {
      ...{ from: { ...from }, to: recipient, envelope: { from: from.address, to: [recipient] } },
      ...{ messageId: `<${id}@${domainOf(from.address)}>`, date: new Date(date), xMailer: false },
      headers: [
        { key: 'Auto-Submitted', value: 'auto-generated' },
        { key: 'Subject', value: headerValue(subject) },
      ],
      ...{ text, html, disableFileAccess: true, disableUrlAccess: true },
    },
  };
  if (!recipientsOf(message.options).every((address) => isSameMailbox(address, to)))
    throw new Undeliverable('The address would become another one on the way');
  return message;
}

/**
 * The recipients that the SMTP client would give to the server, and those that the message would name.
 * The client maps domains as those of web pages are mapped, which older logs did not foresee.
 * It drops soft hyphens, and makes plain letters of other letters.
 */
function recipientsOf(options: SendMailOptions): string[] {
  const message = new MailComposer(options).compile();
  const named = message.getAddresses()['to'] ?? [];
  return [...message.getEnvelope().to, ...named.map(({ address }) => address ?? '')];
}

/** Whether an address can stand in an SMTP command (RFC 5321, 4.5.3.1) as it is. */
function isCarried(address: string): boolean {
  const [, local = '', domain = ''] =
    /^([^\0-\x1f\x7f<>]+)@([^\0-\x20\x7f<>@"(),:;\\]+)$/.exec(address) ?? [];
  const isLocal = /^[^\s"(),:;@[\\\]]+$|^"(?:[^"\\]|\\.)*"$/.test(local);
  return isLocal && Buffer.byteLength(local) <= 64 && domain !== '' && Buffer.byteLength(address) <= 254;
}

/** Encodes a text as a whole if part of it looks like encoded words, so that no reader decodes that part. */
function headerValue(text: string): string | { prepared: true; foldLines: true; value: string } {
  if (!text.includes('=?')) return text;
  return { prepared: true, foldLines: true, value: encodeWord(text, 'B', 52) };
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
