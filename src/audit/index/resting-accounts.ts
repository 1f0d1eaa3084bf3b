const REST_MS = 30_000;

/** Accounts that cannot be indexed for now, and are tried again after a while. */
export class RestingAccounts {
  private readonly until = new Map<string, number>();

  /** @param onRested called when one may be tried again */
  constructor(private readonly onRested: () => void) {}

  has(account: string): boolean {
    return (this.until.get(account) ?? 0) > Date.now();
  }

  add(account: string): void {
    this.until.set(account, Date.now() + REST_MS);
    setTimeout(this.onRested, REST_MS).unref();
  }

  delete(account: string): void {
    this.until.delete(account);
  }
}
