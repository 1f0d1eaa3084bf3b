import { Injectable } from '@nestjs/common';
import { reachesClients } from '../domain/authority.js';
import { Rejection } from '../domain/rejection.js';
import type { EntityKind } from '../read/entities.js';
import { Projector } from '../read/projector.js';
import { Views } from '../read/views.js';
import { type ApiRequest, apiOf, callerOf, isRead, touch } from './request.js';

/** Finds the account a request is about. */
@Injectable()
export class Scopes {
  constructor(
    private readonly views: Views,
    private readonly projector: Projector,
  ) {}

  /**
   * The account that `client_id` names, in the query or in the body of a write; the caller's own without it.
   * @throws Rejection bad_request, client_not_found, access_denied
   */
  of(request: ApiRequest, body?: { readonly client_id?: string | undefined }): string {
    const caller = callerOf(request);
    const named = clientId(request.query['client_id'], body?.client_id);
    const scope = named ?? caller.account;
    if (scope !== caller.account) this.requireReach(request, scope);
    this.projector.assertReadable(scope);
    request.scope = scope;
    touch(request, scope);
    return scope;
  }

  /** Whether an account is the caller's own or one of its clients. */
  isInTree(request: ApiRequest, account: string): boolean {
    const home = callerOf(request).account;
    return account === home || this.views.accounts.parentOf(account) === home;
  }

  /** The id of the account that something belongs to, wherever it is. */
  ownerOf(kind: EntityKind, id: string): string | undefined {
    return this.views.entities.ownerOf(kind, id);
  }

  /** @throws Rejection client_not_found, access_denied */
  requireClient(request: ApiRequest, client: string): void {
    this.projector.assertReadable(client);
    const parent = this.views.accounts.parentOf(client);
    const home = callerOf(request).account;
    if (parent === undefined || client === home) throw new Rejection('client_not_found');
    if (parent !== home) throw new Rejection(apiOf(request) === 'v1' ? 'access_denied' : 'client_not_found');
  }

  /**
   * The company of a client that the path names, in whose stream some facts about its clients stand: the caller's own.
   * @throws Rejection client_not_found, access_denied
   */
  companyOf(request: ApiRequest, client: string): string {
    this.requireClient(request, client);
    const { account } = callerOf(request);
    request.scope = account;
    touch(request, account);
    return account;
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
    const { clientShares, issuers } = this.views;
    return [{ user_id: id, account }, ...limitedBy].every(
      (one) =>
        clientShares.reaches(one.user_id, client, toManage) || issuers.holdingsOf(one) === 'everything',
    );
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
