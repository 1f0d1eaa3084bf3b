import type { AccountState } from '../../domain/account-state.js';
import type { AccountEventRecord } from '../../event-store/codec.js';
import type { ForeignNames } from '../entry.js';
import { fullName } from '../given-names.js';
import type { Reference } from './subjects.js';

/** Events that give their first subject its name. */
const naming = /^(?:User|Group|Role|Client|Company|Account)(?:Created|Renamed|Opened|Restored)$/;

/** The names that things have when an event happens. */
export class NamesOfThen {
  constructor(
    private readonly state: AccountState,
    private readonly record: AccountEventRecord,
    private readonly foreign: ForeignNames,
  ) {}

  /** The name just before the event, or the one that the event gives to what is new. */
  before(reference: Reference): string {
    return this.known(reference) ?? this.given(reference) ?? '';
  }

  /** The name from the event on. */
  after(reference: Reference): string {
    return this.given(reference) ?? this.known(reference) ?? '';
  }

  key(id: string, account = this.record.account, revision = this.record.revision): string | null {
    return this.foreign.nameOf(account, 'key', id, { revision }) ?? null;
  }

  /** Who acts; the company's users are known to it alone, at the revision at which their right was checked. */
  actor(): string {
    const { kind, id, account, revision } = this.record.metadata.actor;
    if (kind !== 'user' || account === null) return kind === 'operator' ? 'Operator' : 'System';
    if (account === this.record.account) return this.before({ type: 'user', id });
    return this.foreign.nameOf(account, 'user', id, { revision: revision ?? 0 }) ?? '';
  }

  private known({ type, id }: Reference): string | undefined {
    const { state, record } = this;
    if (type === 'user') {
      const user = state.users.get(id);
      return user && fullName(user);
    }
    if (type === 'group') return state.groups.get(id)?.name;
    if (type === 'role') return state.roles.get(id)?.name;
    if (type === 'webhook') return state.webhooks.get(id)?.url;
    if (id === record.account) return state.account.get('account')?.name;
    return this.foreign.nameOf(id, 'account', id, { time: record.metadata.time });
  }

  private given({ type, id }: Reference): string | undefined {
    const { event, account } = this.record;
    const data: Readonly<Record<string, unknown>> = event.data;
    if (type === 'webhook' && data['webhook_id'] === id && typeof data['url'] === 'string')
      return data['url'];
    if (!naming.test(event.type)) return undefined;
    const own = data[`${type}_id`] ?? account;
    if (own !== id) return undefined;
    const { first_name, last_name, name } = data;
    if (type === 'user') return fullName({ first_name: String(first_name), last_name: String(last_name) });
    return typeof name === 'string' ? name : undefined;
  }
}
