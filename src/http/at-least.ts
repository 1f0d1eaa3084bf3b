import { Injectable } from '@nestjs/common';
import { Rejection } from '../domain/rejection.js';
import { Projector } from '../read/projector.js';
import type { ApiRequest } from './request.js';

const MOST_ACCOUNTS = 8;

/**
 * Honours the header `Muster-At-Least: <account id>@<revision>`, several separated by commas: what an answer of
 * another instance said in `Muster-Revision` is waited for, so that a caller reads its own writes anywhere.
 */
@Injectable()
export class AtLeast {
  constructor(private readonly projector: Projector) {}

  /**
   * @returns undefined when there is nothing to wait for
   * @throws Rejection bad_request for a malformed header, unavailable for a revision that is not reached in time
   */
  honour({ headers }: ApiRequest): Promise<void> | undefined {
    const header = headers['muster-at-least'];
    if (header === undefined) return undefined;
    const missing = parse(String(header)).filter(
      ({ account, revision }) => this.projector.revisionOf(account) < revision,
    );
    return missing.length === 0 ? undefined : this.reach(missing);
  }

  private async reach(missing: readonly Coordinate[]): Promise<void> {
    const reached = await Promise.all(
      missing.map(({ account, revision }) => this.projector.reach(account, revision)),
    );
    const late = missing[reached.indexOf(false)];
    if (!late) return;
    const { account, revision } = late;
    throw new Rejection(
      'unavailable',
      `Account ${account} has not come to revision ${revision} here; try again shortly`,
    );
  }
}

interface Coordinate {
  readonly account: string;
  readonly revision: number;
}

function parse(header: string): Coordinate[] {
  const coordinates = header.split(',').map((part) => {
    const [, account, revision] = /^\s*([\w-]{1,64})@(-1|\d{1,15})\s*$/.exec(part) ?? [];
    return account === undefined ? undefined : { account, revision: Number(revision) };
  });
  const good = coordinates.filter((coordinate) => coordinate !== undefined);
  if (good.length < coordinates.length || good.length > MOST_ACCOUNTS)
    throw new Rejection(
      'bad_request',
      `Muster-At-Least must be <account id>@<revision>, at most ${MOST_ACCOUNTS} of them separated by commas`,
    );
  return good;
}
