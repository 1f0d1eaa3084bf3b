import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { GetHeldPermission, type Held, type HeldBy } from '../../read/held-permission.js';
import type { Moment } from '../../read/moment.js';
import { ListReachedClients } from '../../read/reached-clients.js';
import { Door } from '../door/door.js';
import { LargeReads } from '../door/large-reads.js';
import { type ApiRequest, payerOf } from '../door/request.js';
import { requireView } from '../door/view-right.js';
import { type Action, type Evaluation, evaluationOf } from './entities.js';
import { type Decision, decisionsOf, evaluationsOf } from './evaluations.js';

const denials: Readonly<Record<Exclude<Held['kind'], 'held'>, string>> = {
  not_held: 'The user does not hold this permission',
  user_not_found: 'There is no such user in this account',
  account_disabled: 'The account is disabled',
};

/** Decides what users of one account may do in it, and in its clients when it is a company. */
@Injectable()
export class Decisions {
  constructor(
    private readonly door: Door,
    private readonly largeReads: LargeReads,
  ) {}

  /** @param at the account whose users are the subjects @throws Rejection access_denied */
  async decide(request: ApiRequest, at: Moment, question: Evaluation): Promise<Decision> {
    const { subject, action, resource } = question;
    requireView(request, subject.id);
    if (subject.type !== 'user') return denied('The subjects here are of the type user');
    if (resource.type !== 'account') return denied('The resources here are of the type account');
    if (!this.isWithin(request, at, resource.id)) return denied('There is no such account here');
    const held = await this.door.ask(new GetHeldPermission(at, subject.id, action.name));
    if (held.kind !== 'held') return denied(denials[held.kind]);
    const isOpen =
      resource.id === at.account || (await this.reaches(at, subject.id, resource.id, toManage(action)));
    return isOpen
      ? { decision: true, context: { reason: reasonOf(held.by), path: held.by } }
      : denied('The client account is not shared with the user, or not for changes');
  }

  /** Answers one question or several, as the request has them. @throws Rejection bad_request, too_many, access_denied */
  async answer(
    request: ApiRequest,
    reply: FastifyReply,
    at: Moment,
    content: Readonly<Record<string, unknown>>,
  ): Promise<object> {
    const several = evaluationsOf(content);
    const decide = (question: Evaluation) => this.decide(request, at, question);
    if (!several) return decide(evaluationOf(content));
    // A question about the past has its place already.
    if (request.past !== 'as_of') await this.largeReads.enter(reply, payerOf(request));
    return { evaluations: await decisionsOf(several, decide) };
  }

  async reaches(at: Moment, userId: string, clientId: string, isToManage: boolean): Promise<boolean> {
    return (await this.reached(at, userId, [clientId], isToManage)).length > 0;
  }

  /** Those clients that a user reaches. */
  reached(
    at: Moment,
    userId: string,
    clientIds: readonly string[],
    isToManage: boolean,
  ): Promise<readonly string[]> {
    return this.door.ask(new ListReachedClients(at, userId, clientIds, isToManage));
  }

  /** Whether an account is the one that is asked, or an open client of it that the caller may look at. */
  isWithin(request: ApiRequest, at: Moment, account: string): boolean {
    const { scopes } = this.door;
    return account === at.account || scopes.wasClientOf(request, at, account);
  }
}

/** A share right to look at a client is enough for an action that says that it reads. */
export function toManage({ properties }: Action): boolean {
  const { method } = properties;
  return method !== 'GET' && method !== 'HEAD';
}

function denied(reason: string): Decision {
  return { decision: false, context: { reason } };
}

function reasonOf({ type, name }: HeldBy): string {
  return type === 'individual' ? 'Held individually' : `Held by the ${type} ${name ?? ''}`;
}
