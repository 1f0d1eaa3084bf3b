import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CONFIG, type Config } from '../../config/config.js';
import { Rejection } from '../../domain/rejection.js';
import { atEndOf } from './end-of-answer.js';
import { cutWhenStuck } from './stuck-reader.js';

/** How many of a company may wait for their turn. */
const MOST_WAITING = 256;

/** The reads of one company: how many are under way, how many of these are exports, and those that wait. */
interface Reads {
  underWay: number;
  exports: number;
  readonly waiting: (() => void)[];
}

/**
 * Reads whose answers are large, or take much work: of the past, of the log, and of things with all that they have. Only
 * some of each company are under way at a time; the others wait. So one company takes neither all memory nor all time,
 * however many it asks at once.
 */
@Injectable()
export class LargeReads {
  private readonly companies = new Map<string, Reads>();

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** How many are under way and wait, of all companies. */
  get size(): number {
    return [...this.companies.values()].reduce((sum, one) => sum + one.underWay + one.waiting.length, 0);
  }

  /** Begins one that lasts until its answer has gone out. @throws Rejection as {@link take} */
  async enter(reply: FastifyReply, company: string): Promise<void> {
    this.keep(reply, await this.take(company));
    // Nobody is there any more to read the answer.
    if (reply.raw.closed) throw new Rejection('unavailable');
  }

  /**
   * Has one last until its answer has gone out. It is cut off when its reader takes nothing.
   * @param leave ends it
   */
  keep(reply: FastifyReply, leave: () => void): void {
    atEndOf(reply, leave);
    cutWhenStuck(reply);
  }

  /**
   * The turn of a stream, which has time. Streams take turns among themselves, so that they keep no answer waiting.
   * @returns ends it
   */
  takeTurn(company: string): Promise<() => void> {
    return this.take(`${company} streams`, Infinity);
  }

  /**
   * Begins one, or has it wait until another one ends.
   * @param most how many may wait already
   * @returns ends it
   * @throws Rejection rate_limited when more wait
   */
  async take(company: string, most = MOST_WAITING): Promise<() => void> {
    const reads = this.of(company);
    if (reads.waiting.length >= most) throw tooMany('large reads waiting');
    if (reads.underWay < this.config.largeReads) reads.underWay += 1;
    else
      await new Promise<void>((admit) => {
        reads.waiting.push(admit);
      });
    return () => this.leave(company, reads);
  }

  /**
   * Takes note that one goes on for long. At most half of those of a company do, so that the others have their turn.
   * @throws Rejection rate_limited when as many do already
   */
  export(reply: FastifyReply, company: string): void {
    const reads = this.of(company);
    if (reads.exports >= Math.floor(this.config.largeReads / 2)) throw tooMany('exports under way');
    reads.exports += 1;
    atEndOf(reply, () => (reads.exports -= 1));
  }

  private of(company: string): Reads {
    const known = this.companies.get(company);
    if (known) return known;
    const reads: Reads = { underWay: 0, exports: 0, waiting: [] };
    this.companies.set(company, reads);
    return reads;
  }

  /** The place goes to the one that has waited longest; other requests have their turn before it. */
  private leave(company: string, reads: Reads): void {
    const next = reads.waiting.shift();
    if (next) setImmediate(next);
    else reads.underWay -= 1;
    if (reads.underWay === 0) this.companies.delete(company);
  }
}

function tooMany(what: string): Rejection {
  return new Rejection('rate_limited', `Your company has as many ${what} as it may have; try again shortly`, {
    retryAfter: 1,
  });
}
