import { Injectable } from '@nestjs/common';
import { Rejection } from '../domain/rejection.js';
import { PATIENCE_MS } from '../event-store/retry.js';
import { Semaphore } from '../event-store/semaphore.js';
import { within } from '../event-store/within.js';
import { Projector } from '../read/projector.js';

/** The number of look-ups that run at a time, and of those that may wait for their turn. */
const MOST_LOOK_UPS = 8;
const MOST_WAITING = 256;

/**
 * Reads the events of an account that a key or token names, if the key or token is unknown here.
 * Another instance may have issued it a moment ago.
 * Only a few look-ups run at a time, so that callers with guessed keys leave the store to other callers.
 */
@Injectable()
export class LookUps {
  private readonly running = new Semaphore(MOST_LOOK_UPS);

  constructor(private readonly projector: Projector) {}

  /** @throws Rejection unavailable when too many are under way, or the account cannot be read in time */
  async in(account: string): Promise<void> {
    if (this.running.waiting >= MOST_WAITING) throw tooMany();
    const { acquired, release } = this.running.acquire();
    const deadline = performance.now() + PATIENCE_MS;
    try {
      await within(PATIENCE_MS, acquired, tooMany);
      await this.projector.reach(account, Infinity, deadline - performance.now());
    } finally {
      release();
    }
  }
}

function tooMany(): Rejection {
  return new Rejection(
    'unavailable',
    'Too many unknown keys and tokens are being looked up; try again shortly',
  );
}
