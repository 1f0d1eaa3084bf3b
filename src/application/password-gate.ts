import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { Rejection } from '../domain/rejection.js';
import { hashPassword, verifyPassword } from './secrets.js';

/** More waiting checks than this are refused: they would be answered too late to be of use. */
const MOST_WAITING = 64;

/**
 * Lets a few passwords of people who are not known yet be hashed at a time, so that a flood of them leaves the rest
 * of the service alone.
 */
@Injectable()
export class PasswordGate {
  private free = Math.max(1, availableParallelism() - 1);
  private readonly waiting: (() => void)[] = [];

  /** @throws Rejection unavailable when too many wait already */
  verify(password: string, hash: string): Promise<boolean> {
    return this.pass(() => verifyPassword(password, hash));
  }

  /** @throws Rejection unavailable when too many wait already */
  hash(password: string): Promise<string> {
    return this.pass(() => hashPassword(password));
  }

  private async pass<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.enter();
    try {
      return await work();
    } finally {
      this.leave();
    }
  }

  private enter(): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve();
    }
    if (this.waiting.length >= MOST_WAITING)
      throw new Rejection('unavailable', 'Too many passwords are being checked; try again shortly');
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
