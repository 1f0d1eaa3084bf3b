import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { Rejection } from '../domain/rejection.js';
import { Semaphore } from '../event-store/semaphore.js';
import { hashPassword, verifyPassword } from './secrets.js';

/** More waiting checks than this are refused, because their answers would come too late to be of use. */
const MOST_WAITING = 64;

/**
 * Hashes the passwords of callers who are not known yet, a few at a time.
 * So a flood of them does not slow down the rest of the service.
 */
@Injectable()
export class PasswordGate {
  private readonly running = new Semaphore(Math.max(1, availableParallelism() - 1));

  /** @throws Rejection unavailable when too many wait already */
  verify(password: string, hash: string): Promise<boolean> {
    return this.pass(() => verifyPassword(password, hash));
  }

  /** @throws Rejection unavailable when too many wait already */
  hash(password: string): Promise<string> {
    return this.pass(() => hashPassword(password));
  }

  private async pass<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.running.waiting >= MOST_WAITING)
      throw new Rejection('unavailable', 'Too many passwords are being checked; try again shortly');
    const { acquired, release } = this.running.acquire();
    await acquired;
    try {
      return await work();
    } finally {
      release();
    }
  }
}
