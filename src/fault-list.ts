import type { Fault } from './application/verification-watch.js';

/** More are only counted. */
const MOST_LINES = 100;

/** Names faults, one a line. */
export class FaultList {
  private added = 0;

  constructor(private readonly stream: Pick<NodeJS.WriteStream, 'write'>) {}

  get count(): number {
    return this.added;
  }

  add({ account, revision, what }: Fault): void {
    this.added += 1;
    if (this.added > MOST_LINES) return;
    const where = [
      ...(account === undefined ? [] : [`account ${account}`]),
      ...(revision === undefined ? [] : [`revision ${revision}`]),
    ];
    this.stream.write(`${where.length === 0 ? '' : `${where.join(', ')}: `}${what}\n`);
  }

  /** Says what it comes to. @param withViews whether there were views to compare */
  close(events: number, accounts: number, withViews: boolean): void {
    const extent = `${events} events in ${accounts} accounts`;
    const unnamed = this.added > MOST_LINES ? `, of which the first ${MOST_LINES} are named above` : '';
    const views = withViews ? ', and views.db is what it makes' : '';
    this.stream.write(
      this.added === 0
        ? `The log is sound${views}: ${extent}\n`
        : `${this.added} faults${unnamed}: ${extent}\n`,
    );
  }
}
