import { Injectable } from '@nestjs/common';
import { Rejection } from '../../domain/rejection.js';
import { Projector } from '../../read/projector.js';
import { Views } from '../../read/views.js';
import { LookUps } from '../../application/look-ups.js';
import type { ApiRequest } from './request.js';

const MOST_ACCOUNTS = 8;

/**
 * Honours the header `Muster-At-Least: <account id>@<revision>`, several separated by commas: what an answer of
 * another instance said in `Muster-Revision` is waited for, so that a caller reads its own writes anywhere.
 * Only accounts of the caller's tree are: whatever else is named, nothing in the answer tells of it.
 */
@Injectable()
export class AtLeast {
  constructor(
    private readonly projector: Projector,
    private readonly views: Views,
    private readonly lookUps: LookUps,
  ) {}

  /**
   * @param home the account of the caller, who is authenticated
   * @returns undefined when there is nothing to wait for, as for a malformed header
   * @throws Rejection unavailable for a revision that is not reached in time
   */
  honour(request: ApiRequest, home: string): Promise<void> | undefined {
    const missing = coordinatesIn(request)?.filter(
      ({ account, revision }) =>
        this.projector.revisionOf(account) < revision &&
        (this.isInTree(account, home) || this.isUnknown(account)),
    );
    return missing && missing.length > 0 ? this.reach(missing, home) : undefined;
  }

  /** Judges the header as any input: after the caller. @throws Rejection bad_request when it is malformed */
  judge(request: ApiRequest): void {
    if (coordinatesIn(request)) return;
    throw new Rejection(
      'bad_request',
      `Muster-At-Least must be <account id>@<revision>, at most ${MOST_ACCOUNTS} of them separated by commas`,
    );
  }

  private async reach(missing: readonly Coordinate[], home: string): Promise<void> {
    const reached = await Promise.all(missing.map((coordinate) => this.isReached(coordinate, home)));
    const late = missing[reached.indexOf(false)];
    if (!late) return;
    const { account, revision } = late;
    throw new Rejection(
      'unavailable',
      `Account ${account} has not reached revision ${revision} on this instance; try again shortly`,
    );
  }

  private async isReached({ account, revision }: Coordinate, home: string): Promise<boolean> {
    if (this.isInTree(account, home)) return this.projector.reach(account, revision);
    // It may be a client that another instance has opened a moment ago.
    await this.lookUps.in(account);
    return !this.isInTree(account, home) || this.projector.revisionOf(account) >= revision;
  }

  private isInTree(account: string, home: string): boolean {
    return account === home || this.views.tree.parentOf(account) === home;
  }

  private isUnknown(account: string): boolean {
    return this.projector.revisionOf(account) < 0;
  }
}

interface Coordinate {
  readonly account: string;
  readonly revision: number;
}

/** @returns undefined when the header is malformed */
function coordinatesIn({ headers }: ApiRequest): readonly Coordinate[] | undefined {
  const header = headers['muster-at-least'];
  if (header === undefined) return [];
  const coordinates = String(header)
    .split(',')
    .map((part) => {
      const [, account, revision] = /^\s*([\w-]{1,64})@(-1|\d{1,15})\s*$/.exec(part) ?? [];
      return account === undefined ? undefined : { account, revision: Number(revision) };
    });
  const good = coordinates.filter((coordinate) => coordinate !== undefined);
  return good.length < coordinates.length || good.length > MOST_ACCOUNTS ? undefined : good;
}
