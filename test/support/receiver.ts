import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Signal } from '../../src/event-store/signal.js';

/** A request as a receiver of webhooks got it. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a receiver answers a request with: a status and headers, or nothing at all. */
export type Reply =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | 'hang'
  | 'reset';

/** A receiver of webhooks on a free port of this machine. */
export class Receiver {
  readonly requests: Received[] = [];
  private readonly news = new Signal();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  /** @param reply what to answer; 204 when absent */
  static async start(reply: (request: Received) => Reply = () => ({ status: 204 })): Promise<Receiver> {
    const taken: { receiver?: Receiver } = {};
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('error', () => undefined);
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const received = { headers: request.headers, body: Buffer.concat(pieces).toString() };
        taken.receiver?.requests.push(received);
        const answer = reply(received);
        if (answer === 'reset') request.socket.destroy();
        else if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end(answer.body);
        taken.receiver?.news.raise();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const receiver = new Receiver(server, `http://127.0.0.1:${port}/in`);
    taken.receiver = receiver;
    return receiver;
  }

  /** The events of all requests, in the order in which they came. */
  get events(): readonly Readonly<Record<string, unknown>>[] {
    return this.requests.flatMap(({ body }) =>
      body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    );
  }

  /** Waits until what has come is enough. */
  async until(isEnough: (receiver: Receiver) => boolean): Promise<void> {
    for (;;) {
      const news = this.news.raised();
      if (isEnough(this)) return;
      await news;
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
