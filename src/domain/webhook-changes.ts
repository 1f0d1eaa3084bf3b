import { Rejection } from './rejection.js';
import type { WebhookChanged } from './webhook-events.js';
import { factNames, type Webhook, type WebhookFacts } from './webhook-record.js';

/** What a caller wants of a webhook. `headers` are all there will be, with a sealed value each, or null for the one there is. */
export interface WantedChanges {
  readonly facts: Partial<WebhookFacts>;
  readonly headers?: Readonly<Record<string, string | null>> | undefined;
}

/** What there is with the changes; undefined when nothing differs. @throws Rejection bad_request */
export function changesOf(
  { facts, headers }: WantedChanges,
  before: Webhook,
): WebhookChanged['data'] | undefined {
  const changed = factNames.some((name) => facts[name] !== undefined && !isSame(facts[name], before[name]));
  const ofHeaders = headers && headersOf(headers, before);
  if (!changed && !ofHeaders) return undefined;
  const { header_names } = before;
  return {
    webhook_id: before.id,
    ...factsOf({ ...before, ...facts }),
    header_names,
    sealed_headers: {},
    ...ofHeaders,
  };
}

function factsOf(webhook: WebhookFacts): WebhookFacts {
  const { url, event_types, filter, description, payload, order, on_exhausted } = webhook;
  const { max_per_second, verify_hours, profile, batch, include_attempts, include_clients } = webhook;
  return {
    ...{ url, event_types, filter, description, payload, order, on_exhausted },
    ...{ max_per_second, verify_hours, profile, batch, include_attempts, include_clients },
  };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** @returns undefined when nothing changes */
function headersOf(
  headers: Readonly<Record<string, string | null>>,
  { header_names, sealed_headers }: Webhook,
): Pick<WebhookChanged['data'], 'header_names' | 'sealed_headers'> | undefined {
  const names = Object.keys(headers);
  const values = Object.entries(headers).flatMap(([name, value]) => {
    if (value !== null) return [[name, value] as const];
    const former = header_names.find((one) => one.toLowerCase() === name.toLowerCase());
    if (former === undefined)
      throw new Rejection('bad_request', `There is no header ${name} whose value *** could keep`);
    return name === former ? [] : [[name, sealed_headers[former] ?? ''] as const];
  });
  if (values.length === 0 && isSame(names.toSorted(), header_names.toSorted())) return undefined;
  return { header_names: names, sealed_headers: Object.fromEntries(values) };
}
