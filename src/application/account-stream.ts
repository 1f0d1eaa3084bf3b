import { rollBack } from '../domain/journaled-map.js';
import { accountStream, type EncodedEvent, UnreadableEvent } from '../event-store/codec.js';
import { AccountTooLarge } from './account-too-large.js';
import type { CachedAccount } from './cached-account.js';
import type { QueueContext } from './queue-context.js';

/** The stream of one account. It brings the state to the head of the stream and appends decided events. */
export class AccountStream {
  constructor(
    private readonly id: string,
    private readonly context: Pick<QueueContext, 'store' | 'snapshots' | 'cache' | 'onRead'>,
  ) {}

  /** Brings the account's state to the head of the stream. @throws UnreadableEvent, AccountTooLarge, StoreUnavailable */
  async load(account: CachedAccount): Promise<void> {
    const { store, snapshots, cache, onRead } = this.context;
    cache.refused.assertLoadable(this.id);
    try {
      await account.catchUp(store, snapshots);
      cache.refused.fits(this.id);
      onRead(this.id);
    } catch (error) {
      if (error instanceof AccountTooLarge) cache.refused.refuse(this.id, error);
      if (error instanceof UnreadableEvent || error instanceof AccountTooLarge) onRead(this.id, error);
      throw error;
    } finally {
      cache.grown(account);
    }
  }

  /**
   * Appends events that were evolved into the account's state already.
   * An append of unknown outcome is repeated with the same ids, bytes and expected revision, which is exact.
   * After a failure the state is what it was before the events. It must be loaded before the next decision.
   * @param repeat takes a step again while the store does not answer
   * @throws RevisionConflict when another writer was faster
   * @throws StoreUnavailable when the outcome stays unknown
   */
  async append(
    account: CachedAccount,
    events: readonly EncodedEvent[],
    repeat: (step: () => Promise<void>) => Promise<void>,
  ): Promise<void> {
    const { store, cache } = this.context;
    const [stream, base] = [accountStream(this.id), account.revision];
    const proposed = events.map((event) => event.proposed);
    try {
      await repeat(() => store.append(stream, base, proposed));
    } catch (error) {
      rollBack(account.state.journal);
      account.isUnverified = true;
      throw error;
    }
    const last = events.at(-1);
    if (last) account.advance(last.record);
    cache.grown(account);
  }
}
