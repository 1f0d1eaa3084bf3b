import type { LookupFunction } from 'node:net';
import { isIP } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { FairQueue } from '../../application/fair-queue.js';
import { Rejection } from '../../domain/rejection.js';
import { bySystem, type FoundAddress, type Resolve } from './resolvers.js';
import { hostOf, isPublicAddress, judgeUrl, type TargetRules } from './target.js';

/** How many names are looked up at once: each takes a thread. */
const AT_ONCE = 2;
const PATIENCE_MS = 5_000;
const limits = { ofSubject: 1, ofCaller: 100, ofAll: 1_000 };

/** A connection was about to be made to an address that is not allowed. */
export class PrivateTarget extends Error {
  readonly code = 'private_target';
}

/** Looks up where webhooks send, and judges every address that it finds. */
export class NameLookUp {
  /** By zone. Names of a zone with silent servers wait for each other alone. */
  private readonly waiting = new FairQueue(limits);
  private atOnce = 0;
  private readonly underWay = new Map<string, Promise<readonly FoundAddress[]>>();

  constructor(
    private readonly rules: TargetRules,
    private readonly resolve: Resolve = bySystem,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /**
   * Judges the address of a webhook: what it says, and every address that its name stands for at present.
   * @throws Rejection bad_request, private_target, unresolvable
   */
  async requireAllowed(address: string): Promise<void> {
    const url = new URL(address);
    judgeUrl(url, this.rules);
    const host = hostOf(url);
    if (isIP(host) !== 0) return;
    const found = await this.addressesOf(host).catch(() => []);
    if (found.length === 0)
      throw new Rejection('unresolvable', `The name ${host} cannot be resolved to an address`);
    if (!this.isAllowed(found)) throw new Rejection('private_target');
  }

  /**
   * The `lookup` of a socket. It judges the addresses that the connection is made to, so that a name cannot stand for
   * another address than the one that was judged.
   */
  readonly forConnections: LookupFunction = (host, options, callback) => {
    this.addressesOf(host).then(
      (found) => {
        const wanted = options.family === 4 || options.family === 6 ? options.family : undefined;
        const usable = wanted === undefined ? found : found.filter(({ family }) => family === wanted);
        const [first] = usable;
        if (!this.isAllowed(found)) callback(new PrivateTarget('The address is private'), '');
        else if (!first) callback(Object.assign(new Error('No address'), { code: 'ENOTFOUND' }), '');
        else if (options.all === true)
          callback(
            null,
            usable.map((one) => ({ ...one })),
          );
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), ''),
    );
  };

  /**
   * As {@link NameLookUp.forConnections}, for what needs no look-up. A webhook may be older than the rules.
   * @throws PrivateTarget, Error with the code https_required
   */
  requireAllowedHost(url: URL): void {
    const host = hostOf(url);
    if (isIP(host) !== 0 && !this.isAllowed([{ address: host, family: 0 }]))
      throw new PrivateTarget('The address is private');
    if (!this.rules.allowPrivate && url.protocol !== 'https:')
      throw Object.assign(new Error('Only https is allowed'), { code: 'https_required' });
  }

  private isAllowed(found: readonly FoundAddress[]): boolean {
    return this.rules.allowPrivate || found.every(({ address }) => isPublicAddress(address));
  }

  /** Callers who ask for the same name at the same time share one look-up. */
  private async addressesOf(host: string): Promise<readonly FoundAddress[]> {
    let looking = this.underWay.get(host);
    if (!looking) {
      looking = this.inTurn(host).finally(() => this.underWay.delete(host));
      this.underWay.set(host, looking);
      looking.catch(() => undefined);
    }
    const patience = new AbortController();
    const late = pause(this.patienceMs, undefined, { signal: patience.signal }).then(() => {
      throw notInTime();
    });
    late.catch(() => undefined);
    return Promise.race([looking, late]).finally(() => patience.abort());
  }

  /** Nobody waits any more for a name whose turn comes too late: it is not looked up. */
  private async inTurn(host: string): Promise<readonly FoundAddress[]> {
    const asked = performance.now();
    await this.turn(host);
    try {
      if (performance.now() - asked >= this.patienceMs) throw notInTime();
      return await this.resolve(host);
    } finally {
      this.atOnce -= 1;
      this.admit();
    }
  }

  private turn(host: string): Promise<void> {
    return new Promise((admit, reject) => {
      const asker = { caller: zoneOf(host), subject: host };
      this.waiting.add(asker, { admit, refuse: () => reject(notInTime()) });
      this.admit();
    });
  }

  private admit(): void {
    if (this.atOnce < AT_ONCE && this.waiting.admitNext()) this.atOnce += 1;
  }
}

function notInTime(): Error {
  return Object.assign(new Error('The name was not resolved in time'), { code: 'EAI_AGAIN' });
}

/** The end of a name that is the same for all names of one owner, in most places. */
function zoneOf(host: string): string {
  return host.toLowerCase().split('.').slice(-2).join('.');
}
