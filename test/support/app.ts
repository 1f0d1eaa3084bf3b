import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/app.js';
import { Lifecycle } from '../../src/application/lifecycle.js';
import { type Config, readConfig } from '../../src/config.js';
import { createLog } from '../../src/json-logger.js';

export const operatorKey = 'operator-key';

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

/** The whole service on a free port of this machine, on a log in memory unless the settings say otherwise. */
export class RunningApp {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
  ) {}

  static async start(settings: Partial<Record<string, string>> = {}): Promise<RunningApp> {
    const config: Config = readConfig({
      ...{ PORT: '0', EVENT_STORE: 'memory', LOG_LEVEL: 'silent', MUSTER_ADMIN_API_KEY: 'admin-key' },
      ...{ MUSTER_ADMIN_PASSWORD: 'admin-password', MUSTER_OPERATOR_KEY: operatorKey, ...settings },
    });
    const app = await createApp(config, createLog(config.logLevel));
    await app.listen(config.port, config.host);
    await app.get(Lifecycle).started;
    return new RunningApp(app, await app.getUrl());
  }

  async stop(): Promise<void> {
    await this.app.close();
  }

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
    const isParsable = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isParsable ? (JSON.parse(text) as unknown) : undefined,
    };
  }

  /** A client of v1 with an API key: paths are below /api/1.0. */
  v1(key = 'admin-key') {
    return (method: string, path: string, body?: unknown, options: Options = {}) =>
      this.request(method, `/api/1.0${path}`, {
        ...options,
        body,
        headers: { 'kf-api-key': key, ...options.headers },
      });
  }

  /** A client of v2 with an API key: paths are below /api/v2. */
  v2(key = 'admin-key') {
    return (method: string, path: string, body?: unknown, options: Options = {}) =>
      this.request(method, `/api/v2${path}`, {
        ...options,
        body,
        headers: { authorization: `Bearer ${key}`, ...options.headers },
      });
  }
}
