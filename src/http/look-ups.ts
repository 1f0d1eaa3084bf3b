import { Injectable } from '@nestjs/common';
import { Rejection } from '../domain/rejection.js';
import { Projector } from '../read/projector.js';

/** How many run at a time. */
const MOST_LOOK_UPS = 8;

/**
 * Reads on the account that a key or token names which is unknown here: another instance may have issued it a moment ago.
 * Whoever guesses must not take the reads of those who have one, so only a few run at a time.
 */
@Injectable()
export class LookUps {
  private underWay = 0;

  constructor(private readonly projector: Projector) {}

  /** @throws Rejection unavailable when too many are under way, or the account cannot be read */
  async in(account: string): Promise<void> {
    if (this.underWay >= MOST_LOOK_UPS)
      throw new Rejection(
        'unavailable',
        'Too many keys and tokens that are unknown here are looked up; try again shortly',
      );
    this.underWay += 1;
    try {
      await this.projector.reach(account, Infinity);
    } finally {
      this.underWay -= 1;
    }
  }
}
