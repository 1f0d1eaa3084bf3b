import { type AccountState, bytesOf } from '../domain/account-state.js';
import type { Command, DomainEvent } from '../domain/aggregates.js';
import { commandCatalogue } from '../domain/command-catalogue.js';
import { eventCatalogue } from '../domain/event-catalogue.js';
import type { Limits } from '../domain/limits.js';
import { Rejection } from '../domain/rejection.js';
import { megabytes } from './account-too-large.js';
import type { DailyLog } from './daily-log.js';

/** The part of the memory of one account that commands may fill. The rest is for what the service itself records. */
const FILLED = 0.8;
/** A command that takes something away and records no more than this is never refused. */
const SMALL_BYTES = 4096;

/** What a command has come to. */
export interface Decided {
  readonly command: Command;
  readonly events: readonly DomainEvent[];
  /** The size of its events in the log, in bytes. */
  readonly size: number;
  /** By how many bytes the state of the account has grown. */
  readonly gained: number;
}

/** X87: how far an account may grow. */
export class Growth {
  /**
   * @param limits how many of something there can be
   * @param accountBytes how much memory the state of one account may take
   * @param daily without it, a company may add to the log what it will
   */
  constructor(
    readonly limits: Limits,
    private readonly accountBytes: number,
    private readonly daily?: DailyLog,
  ) {}

  /**
   * @param state of the account with the events in it
   * @throws Rejection quota_exceeded
   */
  require(state: AccountState, decided: Decided): void {
    const { command, size, gained } = decided;
    if (isOwnRecord(command) || takesAway(decided)) return;
    if (gained > 0 && bytesOf(state) > FILLED * this.accountBytes)
      throw new Rejection(
        'quota_exceeded',
        `The account has grown as large as it can: it takes ${megabytes(bytesOf(state))} MB of memory; the operator can give the service more`,
      );
    this.daily?.require(companyOf(state, command.account), size);
  }

  /** Takes note that an account has so many bytes more in the log. */
  count(account: string, state: AccountState, bytes: number): void {
    this.daily?.add(companyOf(state, account), bytes);
  }
}

/** What the service itself records, and that a user signs in or chooses a password, is never refused. */
function isOwnRecord({ type }: Command): boolean {
  const { needs } = commandCatalogue[type];
  return needs === 'service' || needs === 'self';
}

function companyOf(state: AccountState, account: string): string {
  return state.account.get('account')?.parent_id ?? account;
}

function takesAway({ events, size, gained }: Decided): boolean {
  const isEnding = events.every(({ type }) => eventCatalogue[type].category === 'delete');
  return size <= SMALL_BYTES && (gained < 0 || isEnding);
}
