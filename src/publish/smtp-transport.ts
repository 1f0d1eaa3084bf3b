import { createTransport } from 'nodemailer';
import type { MailMessage } from './mail-message.js';
import type { MailTransport } from './mail-transport.js';

/** In milliseconds; the address may say otherwise in its query. */
const limits = {
  ...{ connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 30_000, dnsTimeout: 10_000 },
  // An idle connection is worth keeping for the next mails only.
  ...{ idleTimeout: 30_000, socketCloseTimeout: 1_000 },
};

/** Hands mails to an SMTP server, over a few connections that are kept for the next ones. */
export class SmtpTransport implements MailTransport {
  readonly purpose: string;
  private readonly transporter;

  /** @param url `smtp://…` or `smtps://…`, checked by the settings; may hold a password */
  constructor(url: string, connections: number) {
    this.purpose = `Mails are sent by way of ${new URL(url).host}`;
    this.transporter = createTransport({ pool: true, maxConnections: connections, ...limits, url });
  }

  async send({ options }: MailMessage, signal: AbortSignal): Promise<void> {
    await this.transporter.sendMail({ ...options, signal });
  }

  close(): void {
    this.transporter.close();
  }
}
