import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CONFIG, type Config } from '../../config/config.js';
import { Rejection } from '../../domain/rejection.js';
import { Arrivals } from '../../feed/arrivals.js';
import { atEndOf } from './end-of-answer.js';

/** How often the answers are looked at, in milliseconds. */
const INTERVAL_MS = 1_000;
/** How long a reader may take nothing, in milliseconds. */
const PATIENCE_MS = 30_000;
/** How much may have come meanwhile, in characters. */
const MOST_BEHIND = 1024 * 1024;
const RETRY_AFTER_S = 5;

/** Since when a reader has taken nothing, and what had been written then. */
interface Stall {
  readonly since: number;
  readonly taken: number;
  readonly written: number;
}

interface LiveAnswer {
  readonly account: string;
  readonly reply: FastifyReply;
  readonly ending: AbortController;
  stall?: Stall | undefined;
}

/** Answers that go on until somebody ends them: as many as the settings allow, and none for a reader that takes nothing. */
@Injectable()
export class LiveAnswers implements BeforeApplicationShutdown {
  private readonly answers = new Set<LiveAnswer>();
  private readonly byCompany = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly arrivals: Arrivals,
  ) {}

  /** How many there are. */
  get count(): number {
    return this.answers.size;
  }

  /**
   * Begins one more. The signal aborts when it is to end: its caller has hung up, or the service stops.
   * @param company the company of the caller
   * @throws Rejection rate_limited, unavailable
   */
  open(reply: FastifyReply, company: string, account: string): AbortSignal {
    const { streams, streamsPerCompany } = this.config;
    const own = this.byCompany.get(company) ?? 0;
    if (own >= streamsPerCompany) throw this.full(reply, 'rate_limited', 'Your company has');
    if (this.count >= streams || this.isStopping) throw this.full(reply, 'unavailable', 'This instance has');
    const ending = new AbortController();
    const answer: LiveAnswer = { account, reply, ending };
    this.answers.add(answer);
    this.byCompany.set(company, own + 1);
    this.timer ??= setInterval(() => this.look(), INTERVAL_MS).unref();
    atEndOf(reply, () => {
      ending.abort();
      this.close(answer, company);
    });
    return ending.signal;
  }

  beforeApplicationShutdown(): void {
    this.isStopping = true;
    for (const { ending } of this.answers) ending.abort();
  }

  private full(reply: FastifyReply, code: 'rate_limited' | 'unavailable', whose: string): Rejection {
    void reply.header('Retry-After', RETRY_AFTER_S);
    return new Rejection(code, `${whose} as many open streams and waiting requests as it may have`);
  }

  private close(answer: LiveAnswer, company: string): void {
    this.answers.delete(answer);
    const rest = (this.byCompany.get(company) ?? 1) - 1;
    if (rest > 0) this.byCompany.set(company, rest);
    else this.byCompany.delete(company);
    if (this.answers.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private look(): void {
    const now = performance.now();
    for (const answer of this.answers) {
      answer.stall = this.stallOf(answer, now);
      if (answer.stall && this.isHopeless(answer, answer.stall, now)) answer.reply.raw.destroy();
    }
  }

  private stallOf({ account, reply: { raw }, stall }: LiveAnswer, now: number): Stall | undefined {
    if (!raw.writableNeedDrain) return undefined;
    const taken = raw.socket?.bytesWritten ?? 0;
    if (stall?.taken === taken) return stall;
    return { since: now, taken, written: this.arrivals.writtenOf(account) };
  }

  private isHopeless({ account }: LiveAnswer, { since, written }: Stall, now: number): boolean {
    return now - since >= PATIENCE_MS || this.arrivals.writtenOf(account) - written >= MOST_BEHIND;
  }
}
