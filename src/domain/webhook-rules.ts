import { requireText } from './admission.js';
import { Rejection } from './rejection.js';
import { freeTextRule, type TextRule } from './text.js';
import type { WebhookFacts } from './webhook-record.js';

/** How many secrets of a webhook may sign at once. */
export const MOST_SECRETS = 10;

/** Where events are sent. Whether an address may be reached at all is not decided here. */
export const webhookUrlRule: TextRule = {
  requirement:
    'an address of up to 2,048 characters, https://… without user, password and fragment; credentials belong in headers',
  isKeptBy: (text) => {
    if (text.length > 2048 || !/^[\x21-\x7e]+$/.test(text) || !URL.canParse(text)) return false;
    const { protocol, username, password, hash } = new URL(text);
    return /^https?:$/.test(protocol) && username + password + hash === '' && !text.includes('#');
  },
};

/** Headers that are the service's own to set, or the connection's. */
const reserved =
  /^(host|content-.*|webhook-.*|muster-.*|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|accept-encoding|http2-settings)$/i;

/** The name of a header of a webhook's own. */
export const headerNameRule: TextRule = {
  requirement:
    'a name of up to 100 letters, digits and hyphens or other token characters; host, content-…, webhook-…, muster-… and those of the connection are the service’s own',
  isKeptBy: (text) => /^[\w!#$%&'*+.^`|~-]{1,100}$/.test(text) && !reserved.test(text),
};

/** @throws Rejection bad_request */
export function requireWebhookTexts(facts: Partial<WebhookFacts>, before?: WebhookFacts): void {
  requireText(webhookUrlRule, 'url', facts.url, before?.url);
  requireText(freeTextRule, 'description', facts.description, before?.description);
}

/** @throws Rejection bad_request */
export function requireHeaderNames(names: readonly string[]): void {
  for (const name of names) requireText(headerNameRule, 'each name in headers', name);
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length)
    throw new Rejection('bad_request', 'headers must have each name once; upper and lower case are the same');
}

/** What several facts must be together. @throws Rejection bad_request */
export function requireConsistent({ batch, order }: WebhookFacts): void {
  if (batch > 1 && order === 'subject')
    throw new Rejection(
      'bad_request',
      'A batch is accepted or tried again as a whole: with batch above 1, order must be account or none',
    );
}
