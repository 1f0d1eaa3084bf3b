import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { freePort } from './port.js';
import { until } from './views.js';

/** A message as the server took it on. */
export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly mail: ParsedMail;
}

const keys = 'test/support/eventstoredb/peer';

/** What makes a server offer STARTTLS, with a certificate that it has signed itself. */
export const selfSigned: SMTPServerOptions = {
  ...{ key: readFileSync(`${keys}.key`), cert: readFileSync(`${keys}.crt`), disabledCommands: ['AUTH'] },
};

const nothing = () => undefined;
const silent = { trace: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing };

/** An SMTP server on this machine that keeps what it takes on. */
export class Mailbox {
  readonly received: Received[] = [];
  /** The command lines that came, as they are. */
  readonly commands: string[] = [];
  /** A code to answer a recipient with, in place of taking it. */
  refuseRecipient: (address: string) => number | undefined = () => undefined;
  /** A code to answer a sender with, in place of going on. */
  refuseSender: () => number | undefined = () => undefined;
  /** A code to answer a message with, in place of taking it; what it waits for the sender waits for. */
  refuseMessage: (message: Received) => number | undefined | Promise<number | undefined> = () => undefined;
  private readonly server: SMTPServer;

  private constructor(
    options: SMTPServerOptions,
    readonly port: number,
  ) {
    this.server = new SMTPServer({
      ...{ disabledCommands: ['AUTH', 'STARTTLS'], ...options },
      logger: {
        ...silent,
        debug: (_about, form, line) => {
          if (form === 'C:') this.commands.push(String(line));
        },
      },
      ...{ disableReverseLookup: true, closeTimeout: 1 },
      onMailFrom: (_address, _session, done) => done(refusal(this.refuseSender())),
      onRcptTo: ({ address }, _session, done) => {
        done(refusal(this.refuseRecipient(address)));
      },
      onData: (stream, session, done) => {
        const { mailFrom, rcptTo } = session.envelope;
        const to = rcptTo.map(({ address }) => address);
        const from = mailFrom === false ? '' : mailFrom.address;
        this.take(buffer(stream), from, to).then(done, done);
      },
    });
    // A client that hangs up is no failure of a test.
    this.server.on('error', () => undefined);
  }

  /** @param port of a mailbox that was stopped; else a free one */
  static async start(options: SMTPServerOptions = {}, port?: number): Promise<Mailbox> {
    const mailbox = new Mailbox(options, port ?? (await freePort()));
    await once(mailbox.server.listen(mailbox.port, '127.0.0.1'), 'listening');
    return mailbox;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** The recipients of all that was taken on. */
  get recipients(): string[] {
    return this.received.flatMap(({ to }) => to);
  }

  /** How many clients are connected. */
  get connections(): number {
    return this.server.connections.size;
  }

  /** Ends all connections without a word. */
  cut(): void {
    for (const { _socket: socket } of this.server.connections) socket.destroy();
  }

  /** Waits until so many messages were taken on. */
  async has(count: number): Promise<readonly Received[]> {
    await until(() => this.received.length >= count);
    return this.received;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async take(bytes: Promise<Buffer>, from: string, to: readonly string[]): Promise<Error | null> {
    const raw = await bytes;
    const received = { from, to, raw: raw.toString(), mail: await simpleParser(raw) };
    const refused = refusal(await this.refuseMessage(received));
    if (refused === null) this.received.push(received);
    return refused;
  }
}

/** The answer that refuses with a code, and with a text that must get nowhere. */
function refusal(code: number | undefined): Error | null {
  if (code === undefined) return null;
  return Object.assign(new Error('5.7.1 <somebody@private.example> is not welcome'), { responseCode: code });
}
