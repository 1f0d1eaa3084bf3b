import { setTimeout as pause } from 'node:timers/promises';
import type { WebhookSecret } from './application/webhook-secret.js';
import type { CloudEvent } from './feed/cloud-event.js';
import { messageOf } from './publish/webhooks/message.js';
import { signed } from './publish/webhooks/signature.js';
import type { WebhookAnswer, WebhookRequests } from './publish/webhooks/webhook-request.js';

/** Waits between attempts, in milliseconds; the last one again and again. */
const WAITS_MS = [1_000, 2_000, 5_000, 10_000, 30_000];
/** How long the service may let a request wait for an event, in seconds. */
const WAIT_S = 30;

const NOT_MUSTER = 'is this its address?';

/** The service, or the receiver, wants nothing more. Its message says so in a sentence. */
export class ForwardingEnded extends Error {}

export interface Forwarding {
  /** Address of the service, without a slash at the end. */
  readonly server: string;
  readonly key: string;
  /** Where the events go. */
  readonly to: URL;
  /** What chooses events: `types` and `client_id`. */
  readonly filter: Readonly<Record<string, string>>;
  readonly secret: WebhookSecret;
}

interface Page {
  readonly events: readonly CloudEvent[];
  readonly next: number | string;
}

type Answer = Pick<Response, 'ok' | 'status' | 'headers'> & { readonly text: string };

/** Sends the feed of an account elsewhere, as a webhook would: one event at a time, each until it is accepted. */
export class FeedForwarder {
  /** @param tell takes one line at a time: ids, types and statuses, nothing of what an event says */
  constructor(
    private readonly of: Forwarding,
    private readonly requests: Pick<WebhookRequests, 'post'>,
    private readonly tell: (line: string) => void,
    private readonly waitsMs: readonly number[] = WAITS_MS,
  ) {}

  /** `<account>@<revision>`: where the account is now. @throws ForwardingEnded, the signal's reason */
  async head(signal: AbortSignal): Promise<string> {
    const { headers } = await this.ask({ limit: '1' }, signal);
    const revision = headers.get('muster-revision');
    if (revision === null) throw new ForwardingEnded(`No answer of Muster came: ${NOT_MUSTER}`);
    return revision;
  }

  /** Goes on until the signal aborts. @param place is told each cursor up to which all is accepted */
  async run(after: string, place: (cursor: string) => void, signal: AbortSignal): Promise<never> {
    let cursor = after;
    for (;;) {
      const { text } = await this.ask({ limit: '100', wait: String(WAIT_S), after: cursor }, signal);
      const { events, next } = JSON.parse(text) as Page;
      for (const event of events) {
        await this.forward(event, cursor, signal);
        cursor = String(Number(event.sequence));
        place(cursor);
      }
      cursor = String(next);
      place(cursor);
    }
  }

  private async forward(event: CloudEvent, cursor: string, signal: AbortSignal): Promise<void> {
    const at = event.id.replace('/', '@');
    const sent = { id: event.id, text: JSON.stringify(event), at };
    const form = { payload: 'full', batch: 1, profile: 'cloudevents' } as const;
    const { id, body, headers } = messageOf([sent], form, cursor);
    for (let attempt = 0; ; attempt += 1) {
      const all = { ...headers, ...signed([this.of.secret], { id, time: Date.now(), body }) };
      const answer = await this.requests.post(this.of.to, all, body, signal);
      signal.throwIfAborted();
      const { status_code: status, duration_ms } = answer;
      const said = `${event.id} ${event.type}: ${outcomeOf(answer)} in ${duration_ms} ms`;
      if (status !== null && status >= 200 && status < 300) {
        this.tell(said);
        return;
      }
      if (status === 410) throw new ForwardingEnded(`${said}. The receiver wants nothing more`);
      const wait = this.waitOf(attempt);
      this.tell(`${said}; again in ${wait / 1000} s`);
      await pause(wait, undefined, { signal });
    }
  }

  /** Asks the feed until it answers. */
  private async ask(query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer> {
    const sent = new URLSearchParams({ ...this.of.filter, ...query }).toString();
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.answerTo(sent, signal);
      if (typeof answer !== 'string') {
        if (attempt > 0) this.tell('The service answers again');
        return answer;
      }
      if (attempt === 0) this.tell(`The service does not answer (${answer}); it is asked again`);
      await pause(this.waitOf(attempt), undefined, { signal });
    }
  }

  /** @returns why there is no answer, where it makes sense to ask again */
  private async answerTo(query: string, signal: AbortSignal): Promise<Answer | string> {
    const headers = { authorization: `Bearer ${this.of.key}`, accept: 'application/json' };
    const patience = AbortSignal.any([signal, AbortSignal.timeout((WAIT_S + 15) * 1_000)]);
    const url = `${this.of.server}/api/v2/events?${query}`;
    const answer = await wholeAnswer(url, { headers, redirect: 'manual', signal: patience }).catch(codeOf);
    signal.throwIfAborted();
    if (typeof answer === 'string' || answer.ok) return answer;
    const { status, text } = answer;
    if (status === 429 || status >= 500) return String(status);
    throw new ForwardingEnded(`The service answers ${status}: ${detailIn(text)}`);
  }

  private waitOf(attempt: number): number {
    return this.waitsMs[Math.min(attempt, this.waitsMs.length - 1)] ?? 0;
  }
}

/** @throws what fetch throws, also where the connection ends in the middle of the answer */
async function wholeAnswer(url: string, options: RequestInit): Promise<Answer> {
  const response = await fetch(url, options);
  const { ok, status, headers } = response;
  return { ok, status, headers, text: await response.text() };
}

function outcomeOf({ status_code, error = '' }: WebhookAnswer): string {
  return status_code === null ? error : String(status_code);
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.message : String(error);
}

/** What the problem details of a refusal say. */
function detailIn(text: string): string {
  try {
    const problem: unknown = JSON.parse(text);
    if (typeof problem === 'object' && problem !== null && 'detail' in problem) return String(problem.detail);
  } catch {
    // It is no answer of the service.
  }
  return NOT_MUSTER;
}
