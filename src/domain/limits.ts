import { Rejection, type RejectionCode } from './rejection.js';

interface Limit {
  readonly most: number;
  /** To stand after "at most 5 ". */
  readonly of: string;
  /** How more are refused: quota_exceeded, unless it says so. */
  readonly code?: RejectionCode;
}

/**
 * How many of something there can be, at most: by default far above real use. An operator can set each.
 * An older log can hold more. What is there stays and can be taken away; only more of it is refused.
 */
export const limitTable = {
  permissions: { most: 2_000, of: 'names in a list of permissions' },
  users: { most: 500_000, of: 'users in an account' },
  groups: { most: 100_000, of: 'groups in an account' },
  roles: { most: 10_000, of: 'roles in an account' },
  clients: { most: 50_000, of: 'client accounts of a company' },
  keys: { most: 1_000, of: 'API keys of a user' },
  memberships: { most: 10_000, of: 'groups of a user' },
  properties: { most: 200, of: 'property names of one kind in an account' },
  settings: { most: 200, of: 'settings of a client account' },
  webhooks: { most: 100, of: 'webhooks of an account' },
  default_tabs: { most: 1_000, of: 'default tabs of a group', code: 'default_tab_limit' },
  tab_instances: { most: 1_000, of: 'tab instances of a user' },
  embedded: { most: 10_000, of: 'rows of a list within an answer about something else' },
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitName = keyof typeof limitTable;
export type Limits = Readonly<Record<LimitName, number>>;

export const limitNames = Object.keys(limitTable) as readonly LimitName[];

/** The limits with those of `changed` in place of the defaults. */
export function limitsWith(changed: Partial<Limits>): Limits {
  const defaults = Object.fromEntries(limitNames.map((name) => [name, limitTable[name].most]));
  return { ...defaults, ...changed } as Limits;
}

export const defaultLimits = limitsWith({});

/** @param count how many there are @param more how many come @throws Rejection quota_exceeded, default_tab_limit */
export function requireRoom(limits: Limits, name: LimitName, count: number, more = 1): void {
  const { code = 'quota_exceeded' }: Limit = limitTable[name];
  if (more > 0 && count + more > limits[name]) throw new Rejection(code, sentence(limits, name));
}

/** A list may be as long as it was. @throws Rejection too_many */
export function requireFew(limits: Limits, name: LimitName, count: number, before = 0): void {
  if (count > limits[name] && count > before) throw new Rejection('too_many', sentence(limits, name));
}

function sentence(limits: Limits, name: LimitName): string {
  const most = limits[name].toLocaleString('en');
  return `There can be at most ${most} ${limitTable[name].of}; the operator can raise the limit ${name}`;
}
