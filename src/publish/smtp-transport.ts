import { createTransport } from 'nodemailer';
import type { MailMessage } from './mail-message.js';
import type { MailTransport } from './mail-transport.js';
import { beginSession, type Needs } from './smtp-session.js';

/** In milliseconds. The query of the address may set others. */
const limits = {
  ...{ connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 30_000, dnsTimeout: 10_000 },
  // An idle connection is kept only for the mails that follow soon.
  ...{ idleTimeout: 30_000, socketCloseTimeout: 1_000 },
};

/** Sends mails to an SMTP server. A few connections are kept for the next mails. */
export class SmtpTransport implements MailTransport {
  readonly purpose: string;
  private readonly plain;
  /** For addresses beyond ASCII. Its connections are to a server that takes such addresses. */
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
    // The client calls this between EHLO and the first message, whether or not the session signs in.
    ...{ forceAuth: true, auth: { user: '-', method: 'SESSION' } },
    customAuth: { SESSION: (server) => beginSession(server, { extension, credentials, mechanism }) },
  });
}
