import type { Clock } from '../../application/clock.js';
import { newWebhookSecret } from '../../application/webhook-secret.js';
import type { WebhookCredentials, WebhookSeals } from '../../application/webhook-seals.js';
import type { WebhookFacts } from '../../domain/webhook-record.js';
import type { AccountWebhook } from '../../read/present-webhooks.js';
import type { Attempt } from './delivery.js';
import { type OwnEvent, ownCloudEvent } from './own-event.js';
import { type Message, messageOf, type SentEvent } from './message.js';
import { signed } from './signature.js';
import type { EventPlace } from './unit.js';
import type { WebhookAnswer, WebhookRequests } from './webhook-request.js';

/** The outcome of a request. */
export interface Transmitted {
  readonly attempt: Attempt;
  /** Whether the receiver accepted it (2xx). */
  readonly isAccepted: boolean;
  /** Whether the receiver wants nothing more (410). */
  readonly isGone: boolean;
  /** How long the receiver asks to be left alone (429, 503), in milliseconds. */
  readonly retryAfterMs?: number;
}

export interface TransmissionParts {
  readonly requests: Pick<WebhookRequests, 'post' | 'close'>;
  readonly seals: Pick<WebhookSeals, 'credentialsOf'>;
  readonly clock: Clock;
  /** Address of this service, without a slash at the end; undefined until it listens. */
  readonly base: () => string | undefined;
}

/** Brings events to a webhook: signed, in its own form, with its own headers. */
export class Transmission {
  constructor(private readonly parts: TransmissionParts) {}

  /**
   * Sends events in one request; in several, one after the other, where the webhook now takes fewer at once than when
   * they were put together.
   * @param watermark the cursor up to which everything was accepted or given up
   * @returns the outcome of the first request that was not accepted, or of the last
   */
  async send(
    to: AccountWebhook,
    events: readonly SentEvent[],
    watermark: string,
    signal: AbortSignal,
  ): Promise<Transmitted> {
    const { batch } = to.webhook;
    for (let start = 0; ; start += batch) {
      const some = events.slice(start, start + batch);
      const sent = await this.transmit(to, messageOf(some, to.webhook, watermark), signal);
      if (!sent.isAccepted || start + batch >= events.length) return sent;
    }
  }

  /**
   * Sends a test event of a webhook that there is not. Its secret is made for it and known to nobody: a receiver that
   * verifies refuses it.
   * @param at the account as it is
   */
  check(
    { account, revision }: EventPlace,
    { url, headers, profile }: Pick<WebhookFacts, 'url' | 'profile'> & Pick<WebhookCredentials, 'headers'>,
    id: string,
    signal: AbortSignal,
  ): Promise<Transmitted> {
    const about = { account, webhook: { id: 'check' } };
    const own = ownCloudEvent({ type: 'WebhookTest', id }, about, this.base, this.parts.clock.timestamp());
    const sent = [{ id: own.id, text: JSON.stringify(own) }];
    const message = messageOf(sent, { payload: 'full', batch: 1, profile }, String(revision));
    return this.post(url, { secrets: [newWebhookSecret()], headers }, message, signal);
  }

  sendOwn(to: AccountWebhook, event: OwnEvent, watermark: string, signal: AbortSignal): Promise<Transmitted> {
    const own = ownCloudEvent(event, to, this.base, this.parts.clock.timestamp());
    const sent = [{ id: own.id, text: JSON.stringify(own) }];
    return this.transmit(to, messageOf(sent, to.webhook, watermark), signal);
  }

  /** Closes the connections that are kept. */
  close(): void {
    this.parts.requests.close();
  }

  private async transmit(
    { account, webhook }: AccountWebhook,
    message: Message,
    signal: AbortSignal,
  ): Promise<Transmitted> {
    const { seals, clock } = this.parts;
    const credentials = seals.credentialsOf(account, webhook, clock.timestamp());
    return this.post(webhook.url, credentials, message, signal);
  }

  private async post(
    url: string,
    { secrets, headers }: WebhookCredentials,
    { id, body, headers: own }: Message,
    signal: AbortSignal,
  ): Promise<Transmitted> {
    const { requests, clock } = this.parts;
    const time = clock.now();
    const now = new Date(time).toISOString();
    const all = { ...headers, ...own, ...signed(secrets, { id, time, body }) };
    const answer = await requests.post(new URL(url), all, body, signal);
    const { duration_ms, status_code, response } = answer;
    const error = errorOf(answer);
    const attempt = {
      time: now,
      duration_ms,
      status_code,
      response,
      ...(error === undefined ? {} : { error }),
    };
    const asked = retryAfterIn(answer, time);
    return {
      ...{ attempt, isAccepted: error === undefined, isGone: status_code === 410 },
      ...(asked === undefined ? {} : { retryAfterMs: asked }),
    };
  }

  private get base(): string {
    return this.parts.base() ?? '';
  }
}

/** A code: that of a request without an answer, or `status_<number>`. */
function errorOf({ status_code, error }: WebhookAnswer): string | undefined {
  if (error !== undefined) return error;
  return status_code !== null && status_code >= 200 && status_code < 300
    ? undefined
    : `status_${String(status_code)}`;
}

/** RFC 9110, section 10.2.3: seconds or a date. @returns milliseconds */
function retryAfterIn({ status_code, retry_after }: WebhookAnswer, now: number): number | undefined {
  if (retry_after === undefined || (status_code !== 429 && status_code !== 503)) return undefined;
  if (/^\d{1,9}$/.test(retry_after.trim())) return Number(retry_after) * 1_000;
  const date = Date.parse(retry_after);
  return Number.isNaN(date) ? undefined : Math.max(date - now, 0);
}
