import { type Server, ServerCredentials } from '@grpc/grpc-js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ProposedEvent } from '../../../src/event-store/event-store.js';
import { Signal } from '../../../src/event-store/signal.js';
import { freePort } from '../port.js';
import { Appends } from './appends.js';
import { Calls } from './calls.js';
import { Door } from './door.js';
import { type AppendFault, FaultQueue, type FeatureFault, Hold, type ReadFault } from './faults.js';
import { type Credentials, Guard } from './guard.js';
import { type Expected, type Outcome, PeerLog } from './log.js';
import { Reads } from './reads.js';
import { type Member, Roster } from './roster.js';
import { serverOf } from './services.js';
import { Subscriptions } from './subscriptions.js';

export interface PeerOptions {
  /** A log to share with other peers. */
  readonly log?: PeerLog;
  /** The cluster to join; without one the peer leads itself. */
  readonly roster?: Roster;
  /** False for a server so old that it has no BatchAppend. */
  readonly batchAppend?: boolean;
  /** The most bytes of one append; 1 MiB if not given. */
  readonly maxAppendSize?: number;
  /** Whether to speak TLS, with a certificate of its own for localhost and 127.0.0.1. */
  readonly tls?: boolean;
  /** Who may call; clients send credentials over TLS only. */
  readonly credentials?: Credentials;
}

const MEBIBYTE = 1024 * 1024;

/**
 * A server in this process that speaks the part of EventStoreDB's wire that a client needs to append,
 * read and subscribe, keeps its log in memory, and misbehaves on request.
 */
export class Peer implements Member {
  /** The certificate of peers that speak TLS, which is its own authority. */
  static readonly caFile = join(import.meta.dirname, 'peer.crt');

  /** A name where TLS is spoken, which wants one. */
  readonly host: string;
  readonly log: PeerLog;
  readonly appends: Appends;
  readonly reads: Reads;
  readonly subscriptions: Subscriptions;
  readonly featureFaults = new FaultQueue<FeatureFault>();
  /** The calls in progress. */
  readonly calls: Calls;
  private readonly changed = new Signal();
  private readonly server: Server;
  private readonly door: Door;
  private listening = false;

  private constructor(
    private readonly options: PeerOptions,
    readonly port: number,
  ) {
    this.host = options.tls ? 'localhost' : '127.0.0.1';
    this.log = options.log ?? new PeerLog();
    const roster = options.roster ?? new Roster();
    roster.join(this);
    const guard = new Guard(this, roster, options.credentials);
    const { batchAppend = true, maxAppendSize = MEBIBYTE } = options;
    this.calls = new Calls(this.changed);
    this.appends = new Appends(
      this.log,
      maxAppendSize,
      () => guard.ready,
      () => this.cut(),
      this.changed,
    );
    this.reads = new Reads(this.log, () => this.cutAfterFlush(), this.changed);
    this.subscriptions = new Subscriptions(this.log, this.changed);
    const { appends, reads, subscriptions, calls, featureFaults } = this;
    const parts = { appends, reads, subscriptions, calls, featureFaults };
    this.server = serverOf({ ...parts, guard, roster, batchAppend });
    const injector = this.server.createConnectionInjector(serverCredentials(options.tls ?? false));
    this.door = new Door((socket) => injector.injectConnection(socket));
  }

  static async start(options: PeerOptions = {}): Promise<Peer> {
    const peer = new Peer(options, await freePort());
    await peer.up();
    return peer;
  }

  /** Whether it listens. */
  get alive(): boolean {
    return this.listening;
  }
  /** A connection string for this peer alone, with the credentials it wants. */
  get url(): string {
    const { credentials, tls } = this.options;
    const user =
      credentials && [credentials.username, credentials.password].map(encodeURIComponent).join(':');
    const query = tls ? `tls=true&tlsCAFile=${Peer.caFile}` : 'tls=false';
    return `esdb://${user === undefined ? '' : `${user}@`}${this.host}:${this.port}?${query}`;
  }

  /** Listens again, on the same port. */
  async up(): Promise<void> {
    await this.door.open(this.port);
    this.listening = true;
  }
  /** Listens no more and cuts all connections; the log stays. */
  async down(): Promise<void> {
    this.listening = false;
    this.calls.abandon();
    await this.door.shut();
    await this.until(() => this.calls.open === 0);
  }
  /** Cuts all connections and goes on listening. */
  cut(): void {
    this.calls.abandon();
    this.door.cut();
  }
  /** For good. */
  async stop(): Promise<void> {
    await this.down();
    this.server.forceShutdown();
  }

  /** What goes wrong with the next appends, one each. */
  nextAppends(...faults: AppendFault[]): void {
    this.appends.faults.push(...faults);
  }
  /** What goes wrong with the next reads, one each. */
  nextReads(...faults: ReadFault[]): void {
    this.reads.faults.push(...faults);
  }
  /** Keeps the next append waiting, before it takes effect or before its answer. */
  holdAppend(before: Hold['before'] = 'effect'): Hold {
    const hold = new Hold(before);
    this.nextAppends(hold);
    return hold;
  }
  /** Keeps the next read waiting before its first event. */
  holdRead(): Hold {
    const hold = new Hold();
    this.nextReads(hold);
    return hold;
  }

  /** Another writer's append, straight into the log. */
  append(stream: string, events: readonly ProposedEvent[], expected: Expected = 'any'): Outcome {
    return this.log.append(
      stream,
      expected,
      events.map(({ id, type, data, metadata }) => ({
        id,
        type,
        contentType: 'application/json',
        data: Buffer.from(data),
        metadata: Buffer.from(metadata),
      })),
    );
  }

  /** Waits until something holds of this peer; it is asked again whenever a call, a read or an append came or went. */
  async until(holds: () => boolean): Promise<void> {
    const news = () => Promise.race([this.changed.raised(), this.log.appended.raised()]);
    for (let next = news(); !holds(); next = news()) await next;
  }

  private cutAfterFlush(): void {
    this.calls.abandon();
    this.door.cutAfterFlush();
  }
}

function serverCredentials(tls: boolean): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure();
  const key = readFileSync(join(import.meta.dirname, 'peer.key'));
  return ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: readFileSync(Peer.caFile) }]);
}
