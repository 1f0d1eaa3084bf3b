import http from 'node:http';
import https from 'node:https';
import { performance } from 'node:perf_hooks';
import type { NameLookUp } from './name-look-up.js';

/** How long a receiver has in all, in milliseconds. */
const PATIENCE_MS = 15_000;
/** How long the rest of an answer is waited for once its status is known. */
const REST_MS = 1_000;
/** How much of an answer is kept, in bytes. */
const MOST_KEPT = 1024;

/** What became of a request. */
export interface WebhookAnswer {
  /** Null when there was no answer. */
  readonly status_code: number | null;
  readonly duration_ms: number;
  /** The first kilobyte of the answer. */
  readonly response: string;
  /** A code: of the system, `timeout`, `private_target` or `aborted`. Never a receiver's text. */
  readonly error?: string;
  /** The header Retry-After, as it came. */
  readonly retry_after?: string;
}

/** Sends requests to receivers: without following redirects, and to no address that is not allowed. */
export class WebhookRequests {
  private readonly agents = {
    'http:': new http.Agent({ keepAlive: true, maxFreeSockets: 64, timeout: 30_000 }),
    'https:': new https.Agent({ keepAlive: true, maxFreeSockets: 64, timeout: 30_000 }),
  };

  constructor(
    private readonly names: NameLookUp,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /** Never rejects. @param headers besides those of the connection and `content-length` */
  async post(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string | Buffer,
    signal?: AbortSignal,
  ): Promise<WebhookAnswer> {
    const { answer, isStale } = await this.once(url, headers, body, signal);
    if (!isStale) return answer;
    // The receiver had closed a kept connection before the request came, as a rule. A new one tells.
    return (await this.once(url, headers, body, signal, true)).answer;
  }

  private once(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string | Buffer,
    signal?: AbortSignal,
    isAnew = false,
  ): Promise<{ readonly answer: WebhookAnswer; readonly isStale: boolean }> {
    const began = performance.now();
    return new Promise((resolve) => {
      const answer = (rest: Omit<WebhookAnswer, 'duration_ms'>, isStale = false) => {
        clearTimeout(deadline);
        resolve({ answer: { ...rest, duration_ms: Math.round(performance.now() - began) }, isStale });
      };
      const fail = (error: unknown) => {
        const code = codeOf(error);
        const isStale = request?.reusedSocket === true && (code === 'ECONNRESET' || code === 'EPIPE');
        answer({ status_code: null, response: '', error: code }, isStale);
      };
      let request: http.ClientRequest | undefined;
      const deadline = setTimeout(() => {
        fail({ code: 'timeout' });
        request?.destroy();
      }, this.patienceMs);
      try {
        this.names.requireAllowedHost(url);
        const { protocol } = url;
        const isPlain = protocol === 'http:';
        const bytes = Buffer.from(body);
        const options = {
          ...{
            method: 'POST',
            lookup: this.names.forConnections,
            agent: isAnew ? false : this.agents[isPlain ? 'http:' : 'https:'],
          },
          headers: { ...headers, 'content-length': bytes.length },
          ...(signal ? { signal } : {}),
        };
        request = (isPlain ? http : https).request(url, options);
        request.on('error', fail);
        request.on('response', (response) => takeAnswer(response, answer));
        request.end(bytes);
      } catch (error) {
        fail(error);
      }
    });
  }

  /** Closes the connections that are kept. */
  close(): void {
    for (const agent of Object.values(this.agents)) agent.destroy();
  }
}

function takeAnswer(
  response: http.IncomingMessage,
  answer: (rest: Omit<WebhookAnswer, 'duration_ms'>) => void,
): void {
  const { statusCode = 0, headers } = response;
  const chunks: Buffer[] = [];
  let kept = 0;
  const end = () => {
    clearTimeout(patience);
    const retryAfter = headers['retry-after'];
    answer({
      status_code: statusCode,
      response: Buffer.concat(chunks).subarray(0, MOST_KEPT).toString('utf8'),
      ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
    });
  };
  const patience = setTimeout(() => {
    end();
    response.destroy();
  }, REST_MS);
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    kept += chunk.length;
    if (kept < MOST_KEPT) return;
    end();
    response.destroy();
  });
  response.on('end', end);
  // The status counts, whatever becomes of the rest.
  response.on('error', end);
}

function codeOf(error: unknown): string {
  if (error instanceof Error && error.name === 'AbortError') return 'aborted';
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'failed';
}
