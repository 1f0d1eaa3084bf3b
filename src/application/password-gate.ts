import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { Rejection } from '../domain/rejection.js';
import { type Asker, FairQueue, type Full } from './fair-queue.js';
import { hashPassword, verifyPassword } from './secrets.js';

/** More than this would have its answers too late to be of use. */
const limits = { ofSubject: 8, ofCaller: 16, ofAll: 64 };

const full: Readonly<Record<Full, () => Rejection>> = {
  caller: () =>
    new Rejection('rate_limited', 'Too many of your passwords wait to be hashed; try again shortly'),
  all: () => new Rejection('unavailable', 'Too many passwords are being hashed; try again shortly'),
};

/**
 * Hashes all passwords of requests, a few at a time, so that a flood of them does not slow down the rest of the
 * service. Callers have their turns one after the other: a flood of one caller holds up only that caller.
 */
@Injectable()
export class PasswordGate {
  private readonly queue = new FairQueue(limits);
  private free = Math.max(1, availableParallelism() - 1);

  /** The number of callers that wait for their turn. */
  get waiting(): number {
    return this.queue.size;
  }

  /**
   * Compares a password with all of some hashes in one turn, whichever it fits.
   * @throws Rejection rate_limited, unavailable when too many wait already
   */
  verify(by: Asker, password: string, hashes: readonly string[]): Promise<readonly boolean[]> {
    return this.pass(by, async () => {
      const fits: boolean[] = [];
      for (const hash of hashes) fits.push(await verifyPassword(password, hash));
      return fits;
    });
  }

  /** @throws Rejection rate_limited, unavailable when too many wait already */
  hash(by: Asker, password: string): Promise<string> {
    return this.pass(by, () => hashPassword(password));
  }

  /** Does work in the caller's turn. @throws Rejection rate_limited, unavailable when too many wait already */
  async pass<Result>(by: Asker, work: () => Promise<Result>): Promise<Result> {
    if (this.free > 0) this.free -= 1;
    else
      await new Promise<void>((admit, reject) => {
        this.queue.add(by, { admit, refuse: (reason) => reject(full[reason]()) });
      });
    try {
      return await work();
    } finally {
      if (!this.queue.admitNext()) this.free += 1;
    }
  }
}
