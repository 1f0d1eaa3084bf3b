import { createHash } from 'node:crypto';
import type { SendMailOptions } from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer';
import { encodeWord } from 'nodemailer/lib/mime-funcs';
import type { MailAddress } from '../config/mail-address.js';
import { isSameMailbox } from '../domain/email-address.js';
import type { MailText } from './mail-text.js';

/** A mail as it goes out. */
export interface MailMessage {
  /** Good as the name of a file; the same for every attempt at the same mail. */
  readonly id: string;
  readonly options: SendMailOptions;
  /** It can go only to a server that takes addresses beyond ASCII (SMTPUTF8, RFC 6531). */
  readonly isInternational: boolean;
}

/** The address cannot stand in the commands of SMTP, or another one would. */
export class Undeliverable extends Error {}

/**
 * @param eventId of the event that asked for the mail
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
  // Objects, not texts that would be parsed; and without a name, which some readers decode where it is quoted.
  const recipient = { name: '', address: to };
  const message: MailMessage = {
    id,
    // A domain has a form in ASCII; what is in front of the @ has none.
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
 * Whom the client of SMTP would hand the message over for, and whom the message would name. It maps domains as those of
 * web pages are, which older logs did not foresee: it drops soft hyphens, and makes plain letters of others.
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

/** A text that holds what looks like encoded words is encoded as a whole, so that nobody decodes them. */
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
