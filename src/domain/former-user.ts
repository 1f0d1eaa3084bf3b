import { byKey } from './by-key.js';
import type { UserRestored } from './followed-events.js';
import type { NestedMap } from './nested-map.js';
import type { Relation } from './relation.js';
import type { SignInFacts } from './sign-in.js';

/** What a user had just before its deletion: what an event would give back if all of it came back, and its sign-ins. */
export type FormerUser = UserRestored['data'] & { readonly signIns: SignInFacts | null };

interface ByKey<V> {
  get(key: string): V | undefined;
}

/** The parts of an account's state that tell of a user. */
export interface UserParts {
  readonly users: ByKey<
    Pick<FormerUser, 'first_name' | 'last_name' | 'email' | 'external_id' | 'permissions'>
  >;
  readonly memberships: Relation<{ readonly can_edit: boolean }>;
  readonly assignments: Relation<true>;
  readonly userProperties: NestedMap;
  readonly tabInstances: NestedMap;
  readonly signIns: ByKey<SignInFacts>;
}

/** @returns undefined when there is no such user */
export function formerUser(state: UserParts, user_id: string): FormerUser | undefined {
  const self = state.users.get(user_id);
  if (!self) return undefined;
  const { first_name, last_name, email, external_id, permissions } = self;
  const groups = byKey(state.memberships.bySubject.get(user_id) ?? []);
  const values = byKey(state.userProperties).map(([name, of]) => [name, of.get(user_id)] as const);
  const tabs = byKey(state.tabInstances.get(user_id) ?? []);
  return {
    ...{ user_id, first_name, last_name, email, external_id, permissions },
    roles: [...(state.assignments.bySubject.get(user_id)?.keys() ?? [])].sort(),
    memberships: groups.map(([group_id, { can_edit }]) => ({ group_id, can_edit })),
    // Object.fromEntries makes a property of its own of every name, __proto__ too.
    properties: Object.fromEntries(values.flatMap(([name, value]) => (value ? [[name, value]] : []))),
    tab_instances: tabs.map(([tab_id, tab_instance_id]) => ({ tab_instance_id, tab_id })),
    signIns: state.signIns.get(user_id) ?? null,
  };
}
