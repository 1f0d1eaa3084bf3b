import { byKey } from './by-key.js';
import type { GroupRestored } from './followed-events.js';
import type { ShareRight } from './questions.js';
import type { Relation } from './relation.js';

/** What a group had just before its deletion: what an event would give back if all of it came back. */
export type FormerGroup = GroupRestored['data'];

interface ByKey<V> {
  get(key: string): V | undefined;
}

/** The parts of an account's state that tell of a group, besides the groups. */
export interface GroupParts {
  readonly memberships: Relation<{ readonly can_edit: boolean }>;
  readonly defaultTabs: ByKey<readonly string[]>;
  readonly clientShares: Relation<ShareRight>;
}

type Facts = Pick<FormerGroup, 'name' | 'description' | 'external_id' | 'permissions'>;

/** @returns undefined when there is no such group */
export function formerGroup(
  state: GroupParts & { readonly groups: ByKey<Facts> },
  group_id: string,
): FormerGroup | undefined {
  const self = state.groups.get(group_id);
  if (!self) return undefined;
  const { name, description, external_id, permissions } = self;
  const members = byKey(state.memberships.byOther.get(group_id) ?? []);
  const shares = byKey(state.clientShares.byOther.get(group_id) ?? []);
  return {
    ...{ group_id, name, description, external_id, permissions },
    memberships: members.map(([user_id, { can_edit }]) => ({ user_id, can_edit })),
    default_tabs: state.defaultTabs.get(group_id) ?? [],
    share_rights: shares.map(([client_id, { can_manage }]) => ({ client_id, can_manage })),
  };
}
