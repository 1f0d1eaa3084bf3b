import { Peer, type PeerOptions } from './peer.js';
import { PeerLog } from './log.js';
import { Roster } from './roster.js';

/** Two peers with one log, of which one leads: the first, until another is told to. */
export class Cluster {
  private constructor(
    private readonly roster: Roster,
    readonly first: Peer,
    readonly second: Peer,
  ) {}

  static async start(options: Omit<PeerOptions, 'log' | 'roster' | 'tls'> = {}): Promise<Cluster> {
    const roster = new Roster();
    const shared = { ...options, roster, log: new PeerLog() };
    return new Cluster(roster, await Peer.start(shared), await Peer.start(shared));
  }

  /** A connection string that finds the leader by gossip. */
  get url(): string {
    const hosts = [this.first, this.second].map(({ host, port }) => `${host}:${port}`);
    return `esdb://${hosts.join(',')}?tls=false`;
  }

  /** Makes one peer the leader; undefined leaves the cluster in an election. */
  lead(peer: Peer | undefined): void {
    this.roster.leader = peer;
  }

  async stop(): Promise<void> {
    await Promise.all([this.first.stop(), this.second.stop()]);
  }
}
