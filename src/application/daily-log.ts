import { Rejection } from '../domain/rejection.js';
import { megabytes } from './account-too-large.js';

const DAY_MS = 24 * 60 * 60_000;

/**
 * X87: how many bytes each company, its client accounts among it, adds to the log on a day of UTC. It counts what this
 * process appends, and what was in the log of the day when the company was first met.
 */
export class DailyLog {
  private day: number;
  private bytes = new Map<string, number>();
  private readonly firstDay: number;

  /**
   * @param most bytes a day
   * @param earlier how many bytes of a company are in the log since a time, in milliseconds since the epoch
   */
  constructor(
    private readonly most: number,
    private readonly earlier: (company: string, since: number) => Promise<number>,
    private readonly now: () => Date,
  ) {
    this.firstDay = this.day = this.today();
  }

  /** @throws Rejection quota_exceeded when so many more bytes would be more than a company may add today */
  require(company: string, bytes: number): void {
    if (this.of(company) + bytes <= this.most) return;
    const again = new Date((this.day + 1) * DAY_MS).toISOString();
    throw new Rejection(
      'quota_exceeded',
      `The company has added ${megabytes(this.of(company))} MB to the log today, of ${megabytes(this.most)} MB that it may add in a day; it can add more from ${again} on`,
    );
  }

  add(company: string, bytes: number): void {
    this.bytes.set(company, this.of(company) + bytes);
  }

  private of(company: string): number {
    const today = this.today();
    if (today !== this.day) this.bytes = new Map();
    this.day = today;
    const known = this.bytes.get(company);
    if (known === undefined) this.meet(company, today);
    return known ?? 0;
  }

  /** On a later day than the first one this process has counted everything itself. */
  private meet(company: string, today: number): void {
    this.bytes.set(company, 0);
    if (today !== this.firstDay) return;
    this.earlier(company, today * DAY_MS).then(
      (bytes) => {
        if (this.day === today) this.add(company, bytes);
      },
      // The store is out of reach, or is closed: then nothing can be added either, or it is counted from here.
      () => undefined,
    );
  }

  private today(): number {
    return Math.floor(this.now().getTime() / DAY_MS);
  }
}
