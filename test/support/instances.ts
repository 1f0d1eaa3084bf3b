import { randomUUID } from 'node:crypto';
import { adminKey, type Answer, ApiClient, operatorKey } from './api-client.js';
import { Peer } from './eventstoredb/peer.js';
import { DataDirectories, ServiceProcess } from './process.js';
import { pause } from './pause.js';

/** A part of an EventStoreDB for one test alone, and the instances of the service that run on it. */
export class SharedLog {
  private readonly prefix = `t${randomUUID().replaceAll('-', '')}-`;
  private readonly data = new DataDirectories();

  constructor(
    private readonly url: string,
    private readonly peer?: Peer,
    private readonly settings: Readonly<Record<string, string>> = {},
  ) {}

  /**
   * On the server that the tests were given, or on a peer of this test's own.
   * @param settings of all instances
   */
  static async open(settings: Readonly<Record<string, string>> = {}): Promise<SharedLog> {
    const given = process.env['EVENTSTOREDB_URL'];
    if (given !== undefined) return new SharedLog(given, undefined, settings);
    const peer = await Peer.start();
    return new SharedLog(peer.url, peer, settings);
  }

  /** Starts an instance without waiting for it. */
  spawn(name: string): ServiceProcess {
    return ServiceProcess.spawn({
      ...{ EVENT_STORE: this.url, MUSTER_STREAM_PREFIX: this.prefix, MUSTER_DATA_DIR: this.data.at(name) },
      ...{ MUSTER_ADMIN_API_KEY: adminKey, MUSTER_ADMIN_PASSWORD: 'admin-password' },
      ...{ MUSTER_OPERATOR_KEY: operatorKey, ...this.settings },
    });
  }

  /** Starts an instance and waits until it is ready. */
  async start(name: string): Promise<{ service: ServiceProcess; client: ApiClient }> {
    const service = this.spawn(name);
    const url = await service.listening();
    await isReady(url);
    return { service, client: new ApiClient(url) };
  }

  async close(): Promise<void> {
    await ServiceProcess.killAll();
    await this.peer?.stop();
    this.data.remove();
  }
}

/** Waits until an instance says that it is ready, or that it is not. */
export async function isReady(url: string, wanted = true): Promise<void> {
  while (((await fetch(`${url}/health/ready`)).status === 200) !== wanted) await pause();
}

/** The header that makes another instance come to what an answer shows. */
export function atLeast({ headers }: Answer): Record<string, string> {
  return { 'Muster-At-Least': headers.get('muster-revision') ?? 'none' };
}
