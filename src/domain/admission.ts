import { type Limits, requireFew } from './limits.js';
import { EVERYTHING, newlyGiven } from './permissions.js';
import { Rejection } from './rejection.js';
import { hasHiddenEdge, isAtMost, type TextRule } from './text.js';

// A rule applies to what a command newly writes. An older log may hold a text that breaks a rule of today. The text
// stays, and may be sent again unchanged.

type Text = string | null | undefined;

/** For a command that writes neither a text nor a permission. */
export const noTexts = (): void => undefined;

/**
 * Refuses a text that breaks its rule, unless it is the one before.
 * @throws Rejection bad_request, invalid_email
 */
export function requireText(rule: TextRule, field: string, text: Text, before?: Text): void {
  if (text === undefined || text === null || text === before || rule.isKeptBy(text)) return;
  throw new Rejection(rule.code ?? 'bad_request', `${field} must be ${rule.requirement}`);
}

/** As {@link requireText}, for several fields of a command: `data` has the new texts and `before` those of today. */
export function requireTexts<Field extends string>(
  rules: Readonly<Record<Field, TextRule>>,
  data: { readonly [Name in NoInfer<Field>]?: Text },
  before?: { readonly [Name in NoInfer<Field>]?: Text },
): void {
  for (const field in rules) requireText(rules[field], field, data[field], before?.[field]);
}

/** The most characters of the name of a permission. */
const LONGEST_PERMISSION = 255;

/**
 * X86: `*` stands for what Admins hold. It is no permission that could be given. X87: nor is a name without end.
 * @throws Rejection bad_request, too_many
 */
export function requireNamed(
  limits: Limits,
  permissions: readonly string[] = [],
  before: readonly string[] = [],
): void {
  requireFew(limits, 'permissions', permissions.length, before.length);
  const given = newlyGiven(before, permissions);
  if (given.includes(EVERYTHING))
    throw new Rejection(
      'bad_request',
      'permissions must name each permission: * stands for what Admins hold, and cannot be given',
    );
  if (!given.every((name) => isAtMost(name, LONGEST_PERMISSION)))
    throw new Rejection('bad_request', 'permissions must be names of at most 255 characters');
}

/** As {@link requireNamed}. What is newly given has nothing unseen at its ends either. */
export function requireTrimmed(
  limits: Limits,
  permissions: readonly string[] = [],
  before: readonly string[] = [],
): void {
  requireNamed(limits, permissions, before);
  if (newlyGiven(before, permissions).some(hasHiddenEdge))
    throw new Rejection(
      'bad_request',
      'permissions must neither begin nor end with a blank or another character that cannot be seen',
    );
}
