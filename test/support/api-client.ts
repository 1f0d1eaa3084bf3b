export const adminKey = 'the-key-of-the-first-admin';
export const operatorKey = 'the-key-of-the-operator';

/** An answer as a client sees it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed JSON, undefined when there was none. */
  readonly body: unknown;
}

/** What stands in an answer's body under a path of keys and indexes, undefined where the path ends early. */
export function pick({ body }: Answer, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    body,
  );
}

/** The id that a v1 create names in `meta.location`. */
export function idOf(answer: Answer): string {
  return String(pick(answer, 'meta', 'location')).split('/')[2] ?? '';
}

export interface Options {
  readonly body?: unknown;
  /** Sent as it is, instead of `body` as JSON. */
  readonly rawBody?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Calls a running service, wherever it runs. */
export class ApiClient {
  constructor(readonly url: string) {}

  async request(
    method: string,
    path: string,
    { body, rawBody, headers = {} }: Options = {},
  ): Promise<Answer> {
    const isJson = body !== undefined;
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers },
      body: isJson ? JSON.stringify(body) : (rawBody ?? null),
    });
    const text = await response.text();
    const isParsable = /[/+]json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isParsable ? (JSON.parse(text) as unknown) : undefined,
    };
  }

  /** A client of v1 with an API key: paths are below /api/1.0. */
  v1(key = adminKey) {
    return (method: string, path: string, body?: unknown, options: Options = {}) =>
      this.request(method, `/api/1.0${path}`, {
        ...options,
        body,
        headers: { 'kf-api-key': key, ...options.headers },
      });
  }

  /** A client of v2 with an API key: paths are below /api/v2. */
  v2(key = adminKey) {
    return (method: string, path: string, body?: unknown, options: Options = {}) =>
      this.request(method, `/api/v2${path}`, {
        ...options,
        body,
        headers: { authorization: `Bearer ${key}`, ...options.headers },
      });
  }
}
