import { Logger } from '@nestjs/common';
import { UnreadableEvent } from '../event-store/codec.js';
import { Pauses } from '../event-store/pauses.js';
import type { Checkpoints, StopKind, StoppedAccount } from './checkpoints.js';
import { ViewsLost } from './views-database.js';

const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** The accounts whose views have stopped: those that failed are tried again until they go on. */
export class StoppedAccounts {
  private readonly logger = new Logger(StoppedAccounts.name);
  private readonly kinds = new Map<string, StopKind>();
  private readonly mending = new Set<string>();
  /** Accounts whose views may be whole, but whose log commands cannot read, and why. */
  private readonly undecidable = new Map<string, Pick<StoppedAccount, 'kind' | 'reason'>>();

  /** @param catchUp reads what the views lack of an account, and applies it as far as it can be read */
  constructor(
    private readonly checkpoints: Checkpoints,
    private readonly catchUp: (account: string) => Promise<void>,
    private readonly stopping: AbortSignal,
  ) {}

  get hasAny(): boolean {
    return this.kinds.size > 0;
  }

  has(account: string): boolean {
    return this.kinds.has(account);
  }

  /** Whether the rows of an account are not to be shown: they lag behind what was acknowledged. */
  isUnreadable(account: string): boolean {
    return this.kinds.get(account) === 'failed' || this.mending.has(account);
  }

  get all(): readonly StoppedAccount[] {
    const stopped = this.checkpoints.stopped();
    const known = new Set(stopped.map(({ account }) => account));
    const others = [...this.undecidable].filter(([account]) => !known.has(account));
    return [...stopped, ...others.map(([account, stop]) => ({ account, ...stop }))];
  }

  /** Takes note of whether commands could read the log of an account. */
  noteRead(account: string, error?: Error): void {
    if (!error) this.undecidable.delete(account);
    else if (!this.undecidable.has(account)) {
      const kind = error instanceof UnreadableEvent ? 'unreadable' : 'too_large';
      this.undecidable.set(account, { kind, reason: error.message });
      this.logger.error(`Account ${account} takes no more commands: ${error.message}`);
    }
  }

  /** The accounts whose rows are not to be shown. */
  get unreadable(): readonly string[] {
    return [...new Set([...this.kinds.keys(), ...this.mending])].filter((account) =>
      this.isUnreadable(account),
    );
  }

  /** Tries those again that had stopped before this process was started. */
  async resume(): Promise<void> {
    for (const { account, kind } of this.checkpoints.stopped()) {
      this.kinds.set(account, kind);
      await this.mend(account);
    }
  }

  /** As {@link halt}, for an account's own failure; what is lost as a whole is read again as a whole. */
  haltAlone(account: string, error: unknown): void {
    if (!(error instanceof ViewsLost)) this.halt(account, error);
  }

  halt(account: string, error: unknown): void {
    const kind = error instanceof UnreadableEvent ? 'unreadable' : 'failed';
    this.logger.error(`The views of account ${account} have stopped: ${messageOf(error)}`);
    this.kinds.set(account, kind);
    try {
      this.checkpoints.stop(account, kind, messageOf(error));
    } catch (cause) {
      this.logger.error(`That could not be recorded: ${messageOf(cause)}`);
    }
    if (kind === 'failed') void this.mendLater(account);
  }

  /** Tries until the account goes on, or turns out to be unreadable; one such loop an account. */
  private async mendLater(account: string): Promise<void> {
    if (this.mending.has(account)) return;
    this.mending.add(account);
    const pauses = new Pauses(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS, { signal: this.stopping, ref: false });
    while (this.kinds.get(account) === 'failed') {
      await pauses.take();
      if (this.stopping.aborted) return;
      await this.mend(account);
    }
    this.mending.delete(account);
  }

  /** Reads a stopped account on from its checkpoint. */
  private async mend(account: string): Promise<void> {
    this.kinds.delete(account);
    try {
      await this.catchUp(account);
      if (this.kinds.has(account)) return;
      this.checkpoints.resume(account);
      this.logger.log(`The views of account ${account} continue`);
    } catch (error) {
      this.halt(account, error);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
