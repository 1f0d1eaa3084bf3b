import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** A stream of events over a raw socket. It counts events, and notes when some of them came. */
export class Follower {
  /** When each `name` of a group came first, by the monotonic clock. */
  arrived = new Map();
  events = 0;
  isOver = false;
  #text = '';

  /** @param query without a question mark @param isListening whether to look at names, or only to count */
  static async open(port, apiKey, query, isListening = true) {
    const follower = new Follower();
    const socket = connect({ port, host: '127.0.0.1' });
    follower.socket = socket;
    const opened = new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('data', resolve);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => (follower.isOver = true));
    socket.on('data', (chunk) => follower.#take(chunk.latin1Slice(), isListening));
    socket.write(
      `GET /api/v2/events?${query} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${apiKey}\r\n` +
        'accept: text/event-stream\r\n\r\n',
    );
    await opened;
    return follower;
  }

  /** Takes nothing any more. */
  stick() {
    this.socket.pause();
  }

  close() {
    this.socket.destroy();
  }

  async until(events, patienceMs = 60_000) {
    for (const begin = performance.now(); this.events < events && !this.isOver; await sleep(5))
      if (performance.now() - begin > patienceMs) throw new Error(`${this.events} of ${events} events came`);
  }

  #take(text, isListening) {
    const now = performance.now();
    const all = this.#text + text;
    const end = all.lastIndexOf('\n\n') + 2;
    this.#text = all.slice(end < 2 ? 0 : end);
    const frames = end < 2 ? '' : all.slice(0, end);
    for (let at = frames.indexOf('\nevent: '); at >= 0; at = frames.indexOf('\nevent: ', at + 1))
      this.events += 1;
    if (!isListening) return;
    for (const [, name] of frames.matchAll(/"name":"(bench-\d+)"/g))
      if (!this.arrived.has(name)) this.arrived.set(name, now);
  }
}
