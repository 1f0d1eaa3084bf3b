import { Injectable } from '@nestjs/common';
import { Rejection } from '../domain/rejection.js';
import { PATIENCE_MS } from '../event-store/outwait.js';
import { Turnstile } from '../event-store/turnstile.js';
import { within } from '../event-store/within.js';
import { Projector } from '../read/projector.js';

/** How many run at a time, and how many more may wait for their turn. */
const MOST_LOOK_UPS = 8;
const MOST_WAITING = 256;

/**
 * Reads on the account that a key or token names which is unknown here: another instance may have issued it a moment ago.
 * Whoever guesses must not take the reads of those who have one, so only a few run at a time.
 */
@Injectable()
export class LookUps {
  private readonly turns = new Turnstile(MOST_LOOK_UPS);
  private underWay = 0;

  constructor(private readonly projector: Projector) {}

  /** @throws Rejection unavailable when too many are under way, or the account cannot be read in time */
  async in(account: string): Promise<void> {
    if (this.underWay >= MOST_LOOK_UPS + MOST_WAITING) throw tooMany();
    this.underWay += 1;
    const { entered, leave } = this.turns.enter();
    const deadline = performance.now() + PATIENCE_MS;
    try {
      await within(PATIENCE_MS, entered, tooMany);
      await this.projector.reach(account, Infinity, deadline - performance.now());
    } finally {
      leave();
      this.underWay -= 1;
    }
  }
}

function tooMany(): Rejection {
  return new Rejection(
    'unavailable',
    'Too many keys and tokens that are unknown here are looked up; try again shortly',
  );
}
