import { createTransport } from 'nodemailer';
import type { MailMessage } from './mail-message.js';
import type { MailTransport } from './mail-transport.js';
import { beginSession, type Needs } from './smtp-session.js';

/** In milliseconds; the address may say otherwise in its query. */
const limits = {
  ...{ connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 30_000, dnsTimeout: 10_000 },
  // An idle connection is worth keeping for the next mails only.
  ...{ idleTimeout: 30_000, socketCloseTimeout: 1_000 },
};

/** Hands mails to an SMTP server, over a few connections that are kept for the next ones. */
export class SmtpTransport implements MailTransport {
  readonly purpose: string;
  private readonly plain;
  /** For addresses that are not ASCII: its connections are to a server that takes these. */
  private readonly international;

  /** @param address `smtp://…` or `smtps://…`, checked by the settings; may hold a password */
  constructor(address: string, connections: number) {
    const url = new URL(address);
    this.purpose = `Mails are sent by way of ${url.host}`;
    this.plain = pool(url, connections, undefined);
    this.international = pool(url, connections, 'SMTPUTF8');
  }

  async send({ options, isInternational }: MailMessage, signal: AbortSignal): Promise<void> {
    await (isInternational ? this.international : this.plain).sendMail({ ...options, signal });
  }

  close(): void {
    this.plain.close();
    this.international.close();
  }
}

function pool(url: URL, maxConnections: number, extension: Needs['extension']) {
  const [user, password] = [url.username, url.password].map(decodeURIComponent);
  const mechanism = url.searchParams.get('authMethod') ?? undefined;
  const credentials = user && password ? { user, password } : undefined;
  return createTransport({
    ...{ pool: true, maxConnections, ...limits, url: url.href },
    // The client's way to have a say between EHLO and the first message, signing in or not.
    ...{ forceAuth: true, auth: { user: '-', method: 'SESSION' } },
    customAuth: { SESSION: (server) => beginSession(server, { extension, credentials, mechanism }) },
  });
}
