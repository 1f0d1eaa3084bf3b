const SHORTEST_REST_MS = 30_000;
const LONGEST_REST_MS = 30 * 60_000;

/** Accounts that cannot be indexed for now, and are tried again after a while, which is longer each time. */
export class RestingAccounts {
  private readonly rests = new Map<string, { readonly ms: number; readonly until: number }>();

  /** @param onRested called when one may be tried again */
  constructor(private readonly onRested: () => void) {}

  has(account: string): boolean {
    return (this.rests.get(account)?.until ?? 0) > performance.now();
  }

  add(account: string): void {
    const last = this.rests.get(account)?.ms ?? SHORTEST_REST_MS / 2;
    const ms = Math.min(2 * last, LONGEST_REST_MS);
    this.rests.set(account, { ms, until: performance.now() + ms });
    setTimeout(this.onRested, ms).unref();
  }

  delete(account: string): void {
    this.rests.delete(account);
  }
}
