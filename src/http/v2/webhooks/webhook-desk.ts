import { Injectable } from '@nestjs/common';
import { Clock } from '../../../application/clock.js';
import type { Outcome } from '../../../application/outcome.js';
import { PublicAddress } from '../../../application/public-address.js';
import { AttemptJournal } from '../../../audit/attempts/attempt-journal.js';
import { newWebhookSecret } from '../../../application/webhook-secret.js';
import { WebhookSeals } from '../../../application/webhook-seals.js';
import { managesWebhooks } from '../../../domain/authority.js';
import { Rejection } from '../../../domain/rejection.js';
import { ChangeWebhook, CreateWebhook } from '../../../domain/webhook.js';
import { requireHeaderNames } from '../../../domain/webhook-rules.js';
import { RotateWebhookSecret } from '../../../domain/webhook-secrets.js';
import { Deliveries } from '../../../publish/webhooks/deliveries.js';
import { NameLookUp } from '../../../publish/webhooks/name-look-up.js';
import { type CheckResult, WebhookCheck } from '../../../publish/webhooks/webhook-check.js';
import { WebhookProgress } from '../../../publish/webhooks/webhook-progress.js';
import type { Moment } from '../../../read/moment.js';
import { GetWebhook, type WebhookView } from '../../../read/webhooks.js';
import { Door } from '../../door/door.js';
import { type ApiRequest, callerOf } from '../../door/request.js';
import { KEEP } from '../../wire/fields/webhook.js';
import type { ChangeWebhookBody, CheckWebhookBody, CreateWebhookBody } from '../../wire/webhooks.js';
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
    private readonly deliveries: Deliveries,
    private readonly checks: WebhookCheck,
    private readonly attempts: AttemptJournal,
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
    this.requireServed(body);
    const secret = newWebhookSecret();
    const headers = Object.entries(body.headers ?? {});
    if (headers.some(([, value]) => value === KEEP)) throw noValueYet();
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

  /** Sends a test event somewhere, and keeps nothing. @throws Rejection private_target, unresolvable, rate_limited */
  async check(request: ApiRequest, body: CheckWebhookBody, signal: AbortSignal): Promise<CheckResult> {
    this.requireRight(request);
    const headers = body.headers ?? {};
    requireHeaderNames(Object.keys(headers));
    if (Object.values(headers).includes(KEEP)) throw noValueYet();
    const { account, revision } = this.door.scopes.of(request, body);
    const { url, profile = 'cloudevents' } = body;
    const company = request.payer ?? account;
    return this.checks.run(company, { account, revision }, { url, headers, profile }, signal);
  }

  /** @throws Rejection private_target, unresolvable, secret_required, and as the command */
  async change(request: ApiRequest, body: ChangeWebhookBody, id: string): Promise<object> {
    this.requireRight(request);
    this.requireServed(body);
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

  /** A webhook that would not get what it was promised is not made. @throws Rejection bad_request */
  private requireServed({ include_attempts }: ChangeWebhookBody | CreateWebhookBody): void {
    if (include_attempts === true && !this.attempts.isOn)
      throw new Rejection('bad_request', 'This service keeps no attempts: MUSTER_ATTEMPTS_DAYS is 0');
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
    if (to === 'disabled') return { to, after: (await this.progress.of(account, before)).watermark };
    const isOff = before.status === 'disabled';
    return { to, clients_gap: isOff ? await this.deliveries.clientsGapOf(account, before) : [] };
  }
}

function noValueYet(): Rejection {
  return new Rejection('bad_request', `${KEEP} keeps the value of a header; a new webhook has none yet`);
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
