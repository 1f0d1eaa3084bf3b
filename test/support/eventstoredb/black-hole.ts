import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '../port.js';

/** A way to a server on which everything can get lost: connections are taken and stay open, but nothing comes through. */
export class BlackHole {
  private readonly sockets = new Set<Socket>();
  /** The connections that nothing comes through any more, not even later. */
  private readonly lost = new WeakSet<Socket>();
  private isOpen = false;

  private constructor(
    private readonly server: Server,
    private readonly ownPort: number,
    private readonly port: number,
  ) {
    server.on('connection', (socket) => this.admit(socket));
  }

  /** @param port of the server, on this machine */
  static async before(port: number): Promise<BlackHole> {
    const hole = new BlackHole(createServer(), await freePort(), port);
    hole.server.listen(hole.ownPort, '127.0.0.1');
    await once(hole.server, 'listening');
    return hole;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.ownPort}?tls=false`;
  }

  /** Waits until clients have no more than so many connections open, dead ones among them. */
  async untilAtMost(count: number): Promise<void> {
    while (this.sockets.size > count) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** From now on everything gets lost, on the connections there are and on new ones. */
  open(): void {
    this.isOpen = true;
    for (const socket of this.sockets) this.lost.add(socket);
  }

  /** New connections are served again; those that were there stay dead. */
  close(): void {
    this.isOpen = false;
  }

  async remove(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private admit(socket: Socket): void {
    this.sockets.add(socket);
    if (this.isOpen) this.lost.add(socket);
    const onward = connect(this.port, '127.0.0.1');
    onward.on('error', () => onward.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.sockets.delete(socket);
      onward.destroy();
    });
    socket.on('data', (data) => !this.lost.has(socket) && onward.write(data));
    onward.on('data', (data) => !this.lost.has(socket) && socket.write(data));
    onward.on('close', () => !this.lost.has(socket) && socket.destroy());
  }
}
