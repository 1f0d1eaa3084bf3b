import { Agent, request } from 'node:http';
import { performance } from 'node:perf_hooks';

/** Answers are read and thrown away beyond this length. */
const MOST_READ = 64 * 1024;

/** A caller of the service with connections of its own. */
export class Caller {
  constructor(port, { headers = {}, connections = 8 } = {}) {
    this.port = port;
    this.headers = headers;
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @returns status (0: no answer), ms, text (of the beginning of the body) */
  call(method, path, body, headers = {}) {
    const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const length =
      payload === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) };
    const begin = performance.now();
    return new Promise((resolve) => {
      const done = (status, text = '') => resolve({ status, text, ms: performance.now() - begin });
      const sent = request(
        {
          ...{ port: this.port, host: '127.0.0.1', agent: this.agent, method, path, timeout: 30_000 },
          headers: { ...this.headers, ...length, ...headers },
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8');
          answer.on('data', (chunk) => {
            if (text.length < MOST_READ) text += chunk;
          });
          answer.on('end', () => done(answer.statusCode, text));
          answer.on('error', () => done(0));
        },
      );
      sent.on('timeout', () => sent.destroy());
      sent.on('error', () => done(0));
      sent.end(payload);
    });
  }

  /** As {@link call}, for what must succeed: @returns the body @throws for any other answer */
  async need(method, path, body) {
    const { status, text } = await this.call(method, path, body);
    if (status < 200 || status > 299) throw new Error(`${method} ${path} was answered ${status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  close() {
    this.agent.destroy();
  }
}

export const bearer = (key) => ({ authorization: `Bearer ${key}` });
export const basic = (email, password) => ({
  authorization: `Basic ${Buffer.from(`${email}:${password}`).toString('base64')}`,
});
