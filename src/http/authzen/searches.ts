import { setImmediate as turn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DirectoryPast } from '../../audit/directory-past.js';
import { EVERYTHING, permissionCatalogue } from '../../domain/permissions.js';
import { GetEffectivePermissions } from '../../read/effective-permissions.js';
import { GetHeldPermission } from '../../read/held-permission.js';
import type { Moment } from '../../read/moment.js';
import type { Page, PageRequest } from '../../read/page.js';
import { ListClients } from '../../read/clients.js';
import { Door } from '../door/door.js';
import type { ApiRequest } from '../door/request.js';
import { Decisions, toManage } from './decisions.js';
import type { Action, Entity } from './entities.js';

/** Some of what was found, and what the next page goes on after; null at the end. */
export interface Found {
  readonly results: readonly object[];
  readonly next: number | null;
}

const nothing: Found = { results: [], next: null };

/** Finds users, accounts and permissions for which {@link Decisions} would say yes. */
@Injectable()
export class Searches {
  constructor(
    private readonly door: Door,
    private readonly decisions: Decisions,
    private readonly past: DirectoryPast,
  ) {}

  /** Users who may do something. @param after the number of a user */
  async subjects(
    request: ApiRequest,
    at: Moment,
    asked: { readonly type: string; readonly action: Action; readonly resource: Entity },
    { after, limit, signal }: { after: number; limit: number; signal: AbortSignal },
  ): Promise<Found> {
    const { type, action, resource } = asked;
    const isKnown = type === 'user' && resource.type === 'account';
    if (!isKnown || !this.decisions.isWithin(request, at, resource.id)) return nothing;
    const { users, next } = await this.past.holders(at, { permission: action.name, after, limit }, signal);
    const results: object[] = [];
    const isOwn = resource.id === at.account;
    for (const id of users) {
      if (isOwn || (await this.decisions.reaches(at, id, resource.id, toManage(action))))
        results.push({ type, id });
      // Others have their turn in between.
      if (!isOwn) await turn();
      signal.throwIfAborted();
    }
    return { results, next };
  }

  /** Accounts in which a user may do something: the user's own, then its clients. @param after how many of these were looked at */
  async resources(
    request: ApiRequest,
    at: Moment,
    asked: { readonly type: string; readonly action: Action; readonly subject: Entity },
    { after, limit }: { after: number; limit: number },
  ): Promise<Found> {
    const { type, action, subject } = asked;
    if (type !== 'account' || subject.type !== 'user') return nothing;
    const held = await this.door.ask(new GetHeldPermission(at, subject.id, action.name));
    if (held.kind !== 'held') return nothing;
    // The account itself is the first of the list.
    const offset = Math.max(after - 1, 0);
    const clients = await this.door.ask(
      new ListClients(at.account, {}, { offset, limit: after === 0 ? Math.max(limit - 1, 0) : limit }),
    );
    const results: object[] = after === 0 && limit > 0 ? [{ type, id: at.account }] : [];
    const shown = clients.rows.map(({ id }) => id).filter((id) => this.decisions.isWithin(request, at, id));
    for (const id of await this.decisions.reached(at, subject.id, shown, toManage(action)))
      results.push({ type, id });
    const seen = after + (after === 0 && limit > 0 ? 1 : 0) + clients.rows.length;
    return { results, next: seen < clients.total + 1 ? seen : null };
  }

  /**
   * What a user may do in an account. Of an Admin these are the published permissions.
   * @param page after how many the page begins
   */
  async actions(
    request: ApiRequest,
    at: Moment,
    { subject, resource }: { readonly subject: Entity; readonly resource: Entity },
    { after, limit }: { after: number; limit: number },
  ): Promise<Found> {
    if (subject.type !== 'user' || resource.type !== 'account') return nothing;
    if (!this.decisions.isWithin(request, at, resource.id)) return nothing;
    const isOpen =
      resource.id === at.account || (await this.decisions.reaches(at, subject.id, resource.id, true));
    if (!isOpen) return nothing;
    // Only an Admin holds everything.
    const { kind } = await this.door.ask(new GetHeldPermission(at, subject.id, EVERYTHING));
    if (kind === 'user_not_found' || kind === 'account_disabled') return nothing;
    const { rows, total } =
      kind === 'held'
        ? { rows: permissionCatalogue.slice(after, after + limit), total: permissionCatalogue.length }
        : await this.namesOf(at, subject.id, { offset: after, limit });
    const seen = after + rows.length;
    return { results: rows.map((name) => ({ name })), next: seen < total ? seen : null };
  }

  private async namesOf(at: Moment, userId: string, page: PageRequest): Promise<Page<string>> {
    const { rows, total } = await this.door.ask(new GetEffectivePermissions(at, userId, page));
    return { rows: rows.map(({ permission }) => permission), total };
  }
}
