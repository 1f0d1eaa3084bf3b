import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CONFIG, type Config } from '../../config/config.js';
import { Rejection } from '../../domain/rejection.js';
import { atEndOf } from './end-of-answer.js';
import { SlowReader } from './slow-reader.js';

/** How often the answers are looked at, in milliseconds. */
const INTERVAL_MS = 1_000;
const RETRY_AFTER_S = 5;

interface LiveAnswer {
  readonly reply: FastifyReply;
  readonly ending: AbortController;
  readonly reader: SlowReader;
  readonly written: () => number;
}

/** Answers that go on until somebody ends them: as many as the settings allow, and none for a reader that takes nothing. */
@Injectable()
export class LiveAnswers implements BeforeApplicationShutdown {
  private readonly answers = new Set<LiveAnswer>();
  private readonly byCompany = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private isStopping = false;

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** How many there are. */
  get count(): number {
    return this.answers.size;
  }

  /**
   * Begins one more. The signal aborts when it is to end: its caller has hung up, or the service stops.
   * @param company the company of the caller
   * @param written how much has come of what is read, in characters
   * @throws Rejection rate_limited, unavailable
   */
  open(reply: FastifyReply, company: string, written: () => number): AbortSignal {
    const { streams, streamsPerCompany } = this.config;
    const own = this.byCompany.get(company) ?? 0;
    if (own >= streamsPerCompany) throw this.full(reply, 'rate_limited', 'Your company has');
    if (this.count >= streams || this.isStopping) throw this.full(reply, 'unavailable', 'This instance has');
    const ending = new AbortController();
    const answer: LiveAnswer = { reply, ending, reader: new SlowReader(), written };
    this.answers.add(answer);
    this.byCompany.set(company, own + 1);
    this.timer ??= setInterval(() => this.look(performance.now()), INTERVAL_MS).unref();
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

  /** Looks at all readers, as it does once a second. @param now by the monotonic clock, in milliseconds */
  look(now: number): void {
    for (const { reply, reader, written } of this.answers) {
      const { raw } = reply;
      const taken = raw.socket?.bytesWritten ?? 0;
      const sight = { now, isWaiting: raw.writableNeedDrain, taken, written: written() };
      if (reader.isHopeless(sight)) raw.destroy();
    }
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
}
