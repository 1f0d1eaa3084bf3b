import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** Where clients come in: a listening socket of 127.0.0.1 whose connections can be cut. */
export class Door {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly admit: (socket: Socket) => void) {}

  async open(port: number): Promise<void> {
    const server = createServer((socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      this.admit(socket);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    this.server = server;
  }

  /** Cuts all connections. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Cuts all connections once they have carried what was written before. */
  cutAfterFlush(): void {
    for (const socket of this.sockets) socket.destroySoon();
  }

  /** Listens no more and cuts all connections. */
  async shut(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    this.cut();
    await closed;
  }
}
