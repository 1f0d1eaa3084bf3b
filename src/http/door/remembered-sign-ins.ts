import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '../../application/clock.js';
import { emailKey } from '../../domain/email-address.js';
import type { PasswordView } from '../../read/credentials.js';
import { Views } from '../../read/views.js';
import { isSame, type SignInName } from './sign-in-attempt.js';

const MEMORY_MS = 60_000;
const MEMORY_ENTRIES = 10_000;

interface Remembered {
  readonly user: PasswordView;
  /** In milliseconds since the epoch. */
  readonly since: number;
}

/**
 * The checks of passwords that were good a short time ago, and those under way.
 * One ends when its own user changes, or when somebody else comes to fit as well. What else becomes of other users
 * with the address ends none: the time of an answer would tell of them.
 */
@Injectable()
export class RememberedSignIns {
  private readonly secret = randomBytes(32);
  private readonly remembered = new LRUCache<string, Remembered>({ max: MEMORY_ENTRIES });
  private readonly underWay = new Map<string, Promise<PasswordView>>();

  constructor(
    private readonly views: Views,
    private readonly clock: Clock,
  ) {}

  /** The user that a check has found, without another one; or the result of the check, which joins one under way. */
  find(
    name: SignInName,
    password: string,
    check: () => Promise<PasswordView>,
  ): PasswordView | Promise<PasswordView> {
    const key = this.keyOf(name, password);
    const { user, since = 0 } = this.remembered.get(key) ?? {};
    const age = this.clock.now() - since;
    if (user && age >= 0 && age < MEMORY_MS && this.isAsBefore(user, name)) return user;
    const begun = this.underWay.get(key) ?? this.begin(key, check);
    return begun;
  }

  /** Whether a user can still sign in by an address as when the check began. */
  isAsBefore(user: PasswordView, { email }: SignInName): boolean {
    const present = this.views.credentials.byEmailIn(user.account, email);
    return present !== undefined && isSame(user, present);
  }

  /** Ends what is remembered of an address and a password: another user has got both. */
  forget(email: string, password: string): void {
    const key = this.keyOf({ account: undefined, email }, password);
    this.remembered.delete(key);
    this.underWay.delete(key);
  }

  private begin(key: string, check: () => Promise<PasswordView>): Promise<PasswordView> {
    const begun = check();
    this.underWay.set(key, begun);
    const isLast = () => this.underWay.get(key) === begun;
    begun.then(
      (user) => {
        if (isLast()) this.remembered.set(key, { user, since: this.clock.now() });
        if (isLast()) this.underWay.delete(key);
      },
      () => {
        if (isLast()) this.underWay.delete(key);
      },
    );
    return begun;
  }

  private keyOf({ account = '', email }: SignInName, password: string): string {
    return createHmac('sha256', this.secret)
      .update(JSON.stringify([account, emailKey(email), password.normalize('NFC')]))
      .digest('base64');
  }
}
