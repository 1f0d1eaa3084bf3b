import { randomUUID } from 'node:crypto';
import { Peer } from './eventstoredb/peer.js';
import { DataDirectories, ServiceProcess } from './process.js';

/** A client of one instance. */
export interface Client {
  readonly url: string;
  /** @param path below /api/v2 @param headers besides the Bearer key */
  (method: string, path: string, options?: RequestOptions): Promise<InstanceAnswer>;
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface InstanceAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** An EventStoreDB with a part of it for this test alone, and the instances of the service that run on it. */
export class SharedLog {
  readonly prefix = `t${randomUUID().replaceAll('-', '')}-`;
  private readonly data = new DataDirectories();

  private constructor(
    readonly url: string,
    private readonly peer: Peer | undefined,
  ) {}

  /** On the server that the tests were given, or on a peer of this test's own. */
  static async open(): Promise<SharedLog> {
    const given = process.env['EVENTSTOREDB_URL'];
    const peer = given === undefined ? await Peer.start() : undefined;
    return new SharedLog(given ?? peer?.url ?? '', peer);
  }

  /** On a peer, which can be made to fail. */
  static async onPeer(): Promise<{ log: SharedLog; peer: Peer }> {
    const peer = await Peer.start();
    return { log: new SharedLog(peer.url, peer), peer };
  }

  settings(name: string): Record<string, string> {
    return {
      ...{ EVENT_STORE: this.url, MUSTER_STREAM_PREFIX: this.prefix, MUSTER_DATA_DIR: this.data.at(name) },
      ...{ MUSTER_ADMIN_API_KEY: 'admin-key', MUSTER_ADMIN_PASSWORD: 'admin-password' },
      MUSTER_OPERATOR_KEY: 'operator-key',
    };
  }

  /** Starts an instance and waits until it is ready. */
  async start(name: string): Promise<{ service: ServiceProcess; client: Client }> {
    const { service, url } = await ServiceProcess.start(this.settings(name));
    return { service, client: clientOf(url) };
  }

  async close(): Promise<void> {
    await ServiceProcess.killAll();
    await this.peer?.stop();
    this.data.remove();
  }
}

export function clientOf(url: string): Client {
  const request = async (
    method: string,
    path: string,
    { body, key = 'admin-key', headers = {} }: RequestOptions = {},
  ): Promise<InstanceAnswer> => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${url}/api/v2${path}`, {
      ...{ method, headers: { authorization: `Bearer ${key}`, ...type, ...headers } },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    const parsed = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, body: parsed };
  };
  return Object.assign(request, { url });
}

/** The header that makes another instance come to what an answer shows. */
export function atLeast({ headers }: InstanceAnswer): Record<string, string> {
  return { 'Muster-At-Least': headers.get('muster-revision') ?? 'none' };
}
