import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { attemptId } from '../../audit/attempts/attempt-id.js';
import { AttemptJournal } from '../../audit/attempts/attempt-journal.js';
import type { Attempt, AttemptOutcome } from '../../audit/attempts/attempt.js';
import { Clock } from '../../application/clock.js';
import { Views } from '../../read/views.js';
import { apiOf } from './api.js';
import { type Claim, Claims } from './claims.js';
import { RawBody } from './raw-body.js';
import { type ApiRequest, type Caller, isRead } from './request.js';
import { routeOf, subjectsOf } from './route-names.js';
import { originOf } from './source.js';

const LARGEST_BODY = 16 * 1024;
const refusals: readonly number[] = [401, 403, 404, 409, 412];

/** Has the attempts journal take note of requests that were refused, that failed or that read all of the log. */
@Injectable()
export class AttemptRecorder {
  private readonly logger = new Logger(AttemptRecorder.name);

  constructor(
    private readonly views: Views,
    private readonly claims: Claims,
    private readonly journal: AttemptJournal,
    private readonly clock: Clock,
  ) {}

  /** Never fails. @param request one that was answered, or whose caller hung up */
  take(request: ApiRequest, reply: FastifyReply): void {
    if (!this.journal.isOn || (reply.statusCode < 400 && request.reading !== 'export')) return;
    try {
      this.record(request, reply);
    } catch (error) {
      this.logger.error({ request_id: request.id, error: String(error) });
    }
  }

  private record(request: ApiRequest, reply: FastifyReply): void {
    const api = apiOf(request);
    const outcome = api && outcomeOf(request, reply.statusCode);
    if (!api || !outcome) return;
    const { caller } = request;
    const claims: readonly Claim[] = caller
      ? [{ account: this.accountOf(request, caller), claimed: null }]
      : this.claims.of(request);
    const time = this.clock.timestamp();
    for (const { account, claimed } of claims)
      this.journal.note(account, {
        ...{ id: attemptId(Date.parse(time)), time, at: this.revisionOf(account), outcome },
        ...{ event: null, revision: null, route: routeOf(request, api), status: reply.statusCode },
        ...{ code: request.refusal, actor: this.actorOf(caller), claimed },
        credential: caller ? this.credentialOf(caller) : this.claims.credentialOf(request),
        subjects: subjectsOf(request, (type, id) => this.nameIn(account, type, id)),
        ...{ request_id: request.id, source: originOf(request), via: api.via },
      });
  }

  /** The account that a caller's request was about, if it is one of the caller's company. */
  private accountOf(request: ApiRequest, caller: Caller): string {
    if (request.scope !== null) return request.scope;
    const named = request.query['client_id'] ?? clientInBody(request);
    const isClient = typeof named === 'string' && this.views.tree.parentOf(named) === caller.account;
    return isClient ? named : caller.account;
  }

  /** Whatever past moment the request asks about, an attempt is of the present. */
  private revisionOf(account: string | undefined): number {
    return account === undefined ? -1 : this.views.checkpoints.revisionOf(account);
  }

  private actorOf(caller: Caller | null): Attempt['actor'] {
    if (!caller) return null;
    const { id, account } = caller;
    return { kind: 'user', id, name: this.views.names.of('user', account, id) ?? id };
  }

  private credentialOf({ account, credential }: Caller): Attempt['credential'] {
    if (!('id' in credential)) return { kind: credential.kind, id: null, name: null };
    const { kind, id } = credential;
    return { kind, id, name: this.views.names.of('key', account, id) ?? null };
  }

  private nameIn(
    account: string | undefined,
    type: Attempt['subjects'][number]['type'],
    id: string,
  ): string | null {
    if (account === undefined || type === 'account' || type === 'webhook') return null;
    return this.views.names.of(type, account, id) ?? null;
  }
}

function outcomeOf(request: ApiRequest, status: number): AttemptOutcome | undefined {
  const { caller, refusal, reading } = request;
  if (status === 500 || status === 503) return 'failed';
  if (!caller) return status === 401 ? 'failed' : undefined;
  if (status === 401 && refusal !== 'access_denied') return 'failed';
  if (refusals.includes(status)) {
    const isDenied = status === 401 || status === 403;
    return !isRead(request) || (reading !== null && isDenied) ? 'refused' : undefined;
  }
  return reading === 'export' && status < 300 ? 'read' : undefined;
}

/** The account that the body of a refused write names, which nobody has read yet. */
function clientInBody({ body }: ApiRequest): unknown {
  if (!(body instanceof RawBody) || body.size > LARGEST_BODY) return undefined;
  try {
    const parsed: unknown = JSON.parse(body.text());
    return typeof parsed === 'object' && parsed !== null && 'client_id' in parsed
      ? parsed.client_id
      : undefined;
  } catch {
    return undefined;
  }
}
