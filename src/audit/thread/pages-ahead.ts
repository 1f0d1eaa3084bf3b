import type { RecordedEvent } from '../../event-store/event-store.js';

type Page = readonly RecordedEvent[];

/** A page that is not shorter has others behind it, more often than not. */
const LONG = 100;

/** Pages of events of which each is read while the one before is worked on. */
export class PagesAhead {
  private next:
    { readonly account: string; readonly after: number; readonly page: Promise<Page> } | undefined;

  /** @param read gives some events of an account after a revision; none at its end */
  constructor(private readonly read: (account: string, after: number) => Promise<Page>) {}

  /** Some events of an account after a revision; none at its end. @throws what a read throws */
  async after(account: string, after: number): Promise<Page> {
    const { next } = this;
    this.next = undefined;
    const known = next?.account === account && next.after === after ? await next.page : [];
    // Where there was nothing more when it was read, there may be something by now.
    const page = known.length > 0 ? known : await this.read(account, after);
    const last = page.length < LONG ? undefined : page.at(-1);
    if (last) this.next = { account, after: last.revision, page: this.readAhead(account, last.revision) };
    return page;
  }

  /** A failure shows when the page is wanted, and is tried again then. */
  private async readAhead(account: string, after: number): Promise<Page> {
    try {
      return await this.read(account, after);
    } catch {
      return [];
    }
  }
}
