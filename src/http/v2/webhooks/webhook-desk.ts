import { Injectable } from '@nestjs/common';
import { Clock } from '../../../application/clock.js';
import type { Outcome } from '../../../application/outcome.js';
import { PublicAddress } from '../../../application/public-address.js';
import { newWebhookSecret } from '../../../application/webhook-secret.js';
import { WebhookSeals } from '../../../application/webhook-seals.js';
import { managesWebhooks } from '../../../domain/authority.js';
import { Rejection } from '../../../domain/rejection.js';
import { ChangeWebhook, CreateWebhook } from '../../../domain/webhook.js';
import { RotateWebhookSecret } from '../../../domain/webhook-secrets.js';
import { NameLookUp } from '../../../publish/webhooks/name-look-up.js';
import { WebhookProgress } from '../../../publish/webhooks/webhook-progress.js';
import type { Moment } from '../../../read/moment.js';
import { GetWebhook, type WebhookView } from '../../../read/webhooks.js';
import { Door } from '../../door/door.js';
import { type ApiRequest, callerOf } from '../../door/request.js';
import { KEEP } from '../../wire/fields/webhook.js';
import type { ChangeWebhookBody, CreateWebhookBody } from '../../wire/webhooks.js';
import { webhookAnswer } from './webhook-answer.js';

/** How long a former secret signs as well, in milliseconds. */
const OVERLAP_MS = 24 * 3600 * 1000;

/** What the routes of webhooks have in common: seals, targets and answers. */
@Injectable()
export class WebhookDesk {
  constructor(
    private readonly door: Door,
    private readonly seals: WebhookSeals,
    private readonly names: NameLookUp,
    private readonly progress: WebhookProgress,
    private readonly clock: Clock,
    private readonly address: PublicAddress,
  ) {}

  /** @throws Rejection webhook_not_found */
  async found(request: ApiRequest, at: Moment, id: string): Promise<object> {
    return this.shown(request, at.account, await this.door.ask(new GetWebhook(at, id)));
  }

  async shown(request: ApiRequest, account: string, webhook: WebhookView): Promise<object> {
    const progress = request.asOf ? null : await this.progress.of(account, webhook);
    return webhookAnswer(webhook, progress, this.address.base ?? '');
  }

  /** @throws Rejection private_target, unresolvable, secret_required, and as the command */
  async create(request: ApiRequest, body: CreateWebhookBody, id: string): Promise<object> {
    this.requireRight(request);
    requireServed(body);
    const secret = newWebhookSecret();
    const headers = Object.entries(body.headers ?? {});
    if (headers.some(([, value]) => value === KEEP))
      throw new Rejection('bad_request', `${KEEP} keeps the value of a header; a new webhook has none yet`);
    const outcome = await this.door.write(request, body, async (account, meta) => {
      await this.names.requireAllowed(body.url);
      const of = { account, id };
      const sealed_secret = this.seals.sealSecret(of, secret);
      const sealed = headers.map(([name, value]) => [name, this.seals.sealHeader(of, name, value)] as const);
      const data = { webhook_id: id, facts: body.facts(), sealed_secret };
      return new CreateWebhook(account, { ...data, sealed_headers: Object.fromEntries(sealed) }, meta);
    });
    return { ...(await this.after(request, outcome, id)), secret: secret.v1 };
  }

  /** @throws Rejection private_target, unresolvable, secret_required, and as the command */
  async change(request: ApiRequest, body: ChangeWebhookBody, id: string): Promise<object> {
    this.requireRight(request);
    requireServed(body);
    const at = this.door.scopes.of(request, body);
    const before = await this.door.ask(new GetWebhook(at, id));
    if (body.url !== undefined && body.url !== before.url) await this.names.requireAllowed(body.url);
    const headers =
      body.headers === undefined ? undefined : this.sealed(at.account, before, body.headers ?? {});
    const status = body.status && (await this.statusOf(at.account, before, body.status));
    const data = { webhook_id: id, facts: body.facts(), headers, status };
    const outcome = await this.door.send(
      request,
      at.account,
      (account, meta) => new ChangeWebhook(account, data, meta),
    );
    return this.after(request, outcome, id);
  }

  /** @throws Rejection as the command, and secret_required */
  async rotate(request: ApiRequest, id: string): Promise<object> {
    this.requireRight(request);
    const secret = newWebhookSecret();
    const outcome = await this.door.write(request, undefined, (account, meta) => {
      const now = this.clock.now();
      const times = { now: iso(now), former_until: iso(now + OVERLAP_MS) };
      const sealed_secret = this.seals.sealSecret({ account, id }, secret);
      return new RotateWebhookSecret(account, { webhook_id: id, sealed_secret, ...times }, meta);
    });
    return { ...(await this.after(request, outcome, id)), secret: secret.v1 };
  }

  /** The webhook as a command left it. */
  after(request: ApiRequest, outcome: Outcome, id: string): Promise<object> {
    return this.found(request, this.door.scopes.at(request, outcome), id);
  }

  /** Before anything is looked up in the network for the caller. @throws Rejection access_denied */
  requireRight(request: ApiRequest): void {
    if (!managesWebhooks(callerOf(request).holdings)) throw new Rejection('access_denied');
  }

  /** A value that is the one there is, is kept: sealed anew it would be another text. */
  private sealed(account: string, before: WebhookView, headers: Readonly<Record<string, string>>) {
    const of = { account, id: before.id };
    const isKnown = Object.values(headers).some((value) => value !== KEEP) && before.header_names.length > 0;
    const known = new Map(
      isKnown
        ? Object.entries(this.seals.headersOf(of, before)).map(([name, value]) => [name.toLowerCase(), value])
        : [],
    );
    return Object.fromEntries(
      Object.entries(headers).map(([name, value]) => {
        const isKept = value === KEEP || known.get(name.toLowerCase()) === value;
        return [name, isKept ? null : this.seals.sealHeader(of, name, value)];
      }),
    );
  }

  private async statusOf(account: string, before: WebhookView, to: 'active' | 'disabled') {
    const { watermark, clientsGap } = await this.progress.of(account, before);
    return to === 'active' ? { to, clients_gap: clientsGap } : { to, after: watermark };
  }
}

/** A webhook that would not get what it was promised is not made. @throws Rejection bad_request */
function requireServed({ profile, include_attempts }: ChangeWebhookBody | CreateWebhookBody): void {
  if (profile !== undefined && profile !== 'cloudevents')
    throw new Rejection('bad_request', 'profile must be cloudevents; this version sends no other');
  if (include_attempts === true)
    throw new Rejection('bad_request', 'include_attempts must be false; this version sends no attempts');
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
