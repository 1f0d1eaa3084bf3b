/** How long changes are gathered, in milliseconds. */
const INTERVAL_MS = 250;

/** Tells of accounts that have moved on, all at once and not too often. */
export class HeadNotices {
  private heads = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly send: (heads: readonly (readonly [string, number])[]) => void) {}

  add(account: string, revision: number): void {
    this.heads.set(account, revision);
    this.timer ??= setTimeout(() => this.tell(), INTERVAL_MS).unref();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private tell(): void {
    this.timer = undefined;
    const { heads } = this;
    this.heads = new Map();
    this.send([...heads]);
  }
}
