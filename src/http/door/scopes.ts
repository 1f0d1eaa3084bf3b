import { Injectable } from '@nestjs/common';
import { Clock } from '../../application/clock.js';
import { reachesClients } from '../../domain/authority.js';
import { Rejection } from '../../domain/rejection.js';
import type { Moment } from '../../read/moment.js';
import { Projector } from '../../read/projector.js';
import type { EntityKind } from '../../read/tree.js';
import { Views } from '../../read/views.js';
import { namedPastMoment } from './named-past-moment.js';
import { type ApiRequest, callerOf, isRead, requireApi, touch } from './request.js';

/** Finds the account a request is about. */
@Injectable()
export class Scopes {
  constructor(
    private readonly views: Views,
    private readonly projector: Projector,
    private readonly clock: Clock,
  ) {}

  /**
   * The account that `client_id` names, in the query or in the body of a write; the caller's own without it. What is
   * asked of it from then on is answered as of this moment, which the answer names. Where a route lets the caller
   * choose, the moment is the one that `as_of` names.
   * @throws Rejection bad_request, client_not_found, access_denied
   */
  of(request: ApiRequest, body?: { readonly client_id?: string | undefined }): Moment {
    const caller = callerOf(request);
    const named = clientId(request.query['client_id'], body?.client_id);
    const scope = named ?? caller.account;
    if (scope !== caller.account) this.requireReach(request, scope);
    this.projector.assertReadable(scope);
    const at = request.past === 'as_of' ? this.past(request, scope) : this.views.moments.now(scope);
    request.scope = scope;
    return this.pinned(request, at);
  }

  /** The moment of an account that a parameter names. @throws Rejection bad_request */
  named(request: ApiRequest, { account }: Moment, parameter: string): Moment {
    const sent = request.query[parameter];
    const { moments } = this.views;
    const { moment } = namedPastMoment(parameter, sent, account, moments, this.clock.now());
    return moment;
  }

  /** What clocks show in an answer, ISO 8601 in UTC with milliseconds: the time of day, or that of a past moment. */
  timeOf({ asOf }: ApiRequest): string {
    return asOf ? new Date(asOf.time).toISOString() : this.clock.timestamp();
  }

  /** The caller's own account. */
  home(request: ApiRequest): Moment {
    return this.pinned(request, this.views.moments.now(callerOf(request).account));
  }

  /** An account at a revision that the request has met there. */
  at(request: ApiRequest, { account, revision }: Pick<Moment, 'account' | 'revision'>): Moment {
    return this.pinned(request, this.views.moments.at(account, revision));
  }

  /** Whether an account was an open client of another at the request's moment, and is open to its caller. */
  wasClientOf(request: ApiRequest, { account }: Moment, client: string): boolean {
    if (!this.isInTree(request, client) || !this.reaches(request, client)) return false;
    this.projector.assertReadable(client);
    const { tree, moments } = this.views;
    if (!request.asOf) return tree.parentOf(client) === account;
    const then = moments.atTime(client, request.asOf.time);
    return then !== undefined && tree.everParentOf(client) === account && tree.wasOpen(then);
  }

  /** Whether an account is the caller's own or one of its clients. */
  isInTree(request: ApiRequest, account: string): boolean {
    const home = callerOf(request).account;
    return account === home || this.views.tree.everParentOf(account) === home;
  }

  /** The id of the account that something belongs to, wherever it is: now, or when the request's past moment was. */
  ownerOf(
    kind: EntityKind,
    id: string,
    { asOf }: Pick<ApiRequest, 'asOf'> = { asOf: null },
  ): string | undefined {
    const { tree, moments } = this.views;
    if (!asOf) return tree.ownerOf(kind, id);
    const maker = tree.makerOf(id);
    if (maker === undefined) return undefined;
    const at = maker === asOf.moment.account ? asOf.moment : moments.atTime(maker, asOf.time);
    return at && tree.had(at, kind, id) ? maker : undefined;
  }

  /**
   * The past of a client that is closed can be reached as the client could.
   * @throws Rejection client_not_found, access_denied
   */
  requireClient(request: ApiRequest, client: string): void {
    this.projector.assertReadable(client);
    const { tree } = this.views;
    const parent = request.past === null ? tree.parentOf(client) : tree.everParentOf(client);
    const home = callerOf(request).account;
    if (parent === undefined || client === home) throw new Rejection('client_not_found');
    if (parent !== home)
      throw new Rejection(requireApi(request).deniesForeignIds ? 'access_denied' : 'client_not_found');
  }

  /**
   * The company of a client that the path names, in whose stream some facts about its clients stand: the caller's own.
   * @throws Rejection client_not_found, access_denied
   */
  companyOf(request: ApiRequest, client: string): Moment {
    this.requireClient(request, client);
    request.scope = callerOf(request).account;
    return this.home(request);
  }

  /** A client that the path names. @throws Rejection client_not_found, access_denied */
  clientOf(request: ApiRequest, client: string): Moment {
    this.requireClient(request, client);
    return this.pinned(request, this.views.moments.now(client));
  }

  /** A client that the path names and the caller reaches. @throws Rejection client_not_found, access_denied */
  reachedClientOf(request: ApiRequest, client: string): Moment {
    this.requireReach(request, client);
    return this.clientOf(request, client);
  }

  /**
   * X77: Admins reach every client, others those that are shared with a group of theirs.
   * @param client one of the caller's company
   * @param toManage whether for changes
   */
  reaches(request: ApiRequest, client: string, toManage = false): boolean {
    const { id, account, holdings, limitedBy } = callerOf(request);
    if (holdings === 'everything') return true;
    if (!reachesClients(holdings)) return false;
    const { holdings: held } = this.views;
    return [{ user_id: id, account }, ...limitedBy].every(
      (one) => held.reaches(one, client, toManage) || held.ofLimiting(one) === 'everything',
    );
  }

  private past(request: ApiRequest, account: string): Moment {
    const { tree, moments } = this.views;
    const asOf = namedPastMoment('as_of', request.query['as_of'], account, moments, this.clock.now());
    if (!tree.wasOpen(asOf.moment)) throw new Rejection('client_not_found');
    request.asOf = asOf;
    return asOf.moment;
  }

  private pinned(request: ApiRequest, moment: Moment): Moment {
    touch(request, moment);
    return moment;
  }

  private requireReach(request: ApiRequest, client: string): void {
    if (!reachesClients(callerOf(request).holdings)) throw new Rejection('access_denied');
    this.requireClient(request, client);
    if (!this.reaches(request, client, !isRead(request)))
      throw new Rejection('access_denied', 'The client account is not shared with you, or not for changes');
  }
}

function clientId(inQuery: unknown, inBody: string | undefined): string | undefined {
  if (inQuery === undefined) return inBody;
  if (typeof inQuery !== 'string' || inQuery.trim() === '')
    throw new Rejection('bad_request', 'client_id must be the id of a client account');
  if (inBody !== undefined && inBody !== inQuery)
    throw new Rejection('bad_request', 'client_id in the query and client_id in the body differ');
  return inQuery;
}
