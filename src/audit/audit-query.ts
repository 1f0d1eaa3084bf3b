import type { NamedMoment } from './range.js';

export const filterFields = [
  ...(['actor', 'subject', 'user', 'group', 'role', 'type', 'category', 'privileged'] as const),
  ...(['via', 'credential', 'command_id', 'request_id', 'q'] as const),
] as const;

export type FilterField = (typeof filterFields)[number];

/** Entries that have any of the values, or none of them. */
export interface Filter {
  readonly field: FilterField;
  readonly isNegated: boolean;
  /** At least one. */
  readonly values: readonly string[];
}

export type Order = 'desc' | 'asc';

/** What is asked of an account's audit log: entries that pass all filters, both ends of the range included. */
export interface AuditQuery {
  readonly filters: readonly Filter[];
  readonly from?: NamedMoment;
  readonly to?: NamedMoment;
  readonly order: Order;
  /** `command`: one row a command. */
  readonly fold?: 'command';
}

export const statistics = ['hour', 'day', 'week', 'category', 'actor', 'event'] as const;

export type Statistic = (typeof statistics)[number];

/** Where a question stands: an account at the revision that its views show. */
export interface AuditMoment {
  readonly account: string;
  readonly revision: number;
}

/** A page of a list: so many rows, from where the page before has ended. */
export interface AuditPaging {
  /** 1 to 1000. */
  readonly limit: number;
  readonly cursor?: string;
}
