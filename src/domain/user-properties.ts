import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { byKey } from './by-key.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import { JournaledMap } from './journaled-map.js';
import { NestedMap } from './nested-map.js';
import {
  admitProperties,
  changeOf,
  endProperties,
  type Properties,
  type PropertyMap,
  requireProperty,
  setProperties,
} from './properties.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { byName, id, text } from './shape.js';

/** Sets values of one user, by name; names that are not sent stay. A new name exists for every user of the account. */
export class SetUserProperties extends AccountCommand<{
  readonly user_id: string;
  readonly properties: PropertyMap;
}> {
  readonly type = 'SetUserProperties';
}

/** Takes a name, and every value under it, from all users of the account. Without a user none is looked for. */
export class DeleteUserProperty extends AccountCommand<{
  readonly user_id?: string | undefined;
  readonly name: string;
}> {
  readonly type = 'DeleteUserProperty';
}

export type UserPropertyCommand = SetUserProperties | DeleteUserProperty;

/** Every user of the account has this property now, with the value "". */
export type UserPropertyAdded = Event<'UserPropertyAdded', { name: string }>;
/** Only values that changed, by name; "" stands for none. */
export type UserPropertiesSet = Event<'UserPropertiesSet', { user_id: string; properties: PropertyMap }>;
/** No user of the account has this property any more. If it is added again, it starts with "" for all. */
export type UserPropertyDeleted = Event<'UserPropertyDeleted', { name: string }>;

/** The values that each deleted property had last, by user, whether it was added again since or not. */
export type FormerProperties = JournaledMap<PropertyMap>;

export type UserPropertyEvent = UserPropertyAdded | UserPropertiesSet | UserPropertyDeleted;

/** @throws Rejection user_not_found, property_not_found; quota_exceeded for more names than an account may have */
function decide(command: UserPropertyCommand, self: Properties, questions: Questions): UserPropertyEvent[] {
  const { user_id: named } = command.data;
  if (named !== undefined && !questions.hasUser(named)) throw new Rejection('user_not_found');
  switch (command.type) {
    case 'SetUserProperties': {
      const { user_id, properties } = command.data;
      const { added, set } = changeOf(self, user_id, properties, questions);
      return [
        ...added.map((name) => ({ type: 'UserPropertyAdded' as const, data: { name } })),
        ...(set ? [{ type: 'UserPropertiesSet' as const, data: { user_id, properties: set } }] : []),
      ];
    }
    case 'DeleteUserProperty': {
      const { name } = command.data;
      requireProperty(self, name);
      return [{ type: 'UserPropertyDeleted', data: { name } }];
    }
  }
}

/** Applies an event in place. */
function evolve(self: Properties, former: FormerProperties, event: UserPropertyEvent): void {
  switch (event.type) {
    case 'UserPropertyAdded':
      self.inner(event.data.name);
      return;
    case 'UserPropertiesSet':
      setProperties(self, event.data.user_id, event.data.properties);
      return;
    case 'UserPropertyDeleted':
      former.set(event.data.name, Object.fromEntries(byKey(self.get(event.data.name) ?? [])));
      self.delete(event.data.name);
  }
}

export const userProperties = aggregate<UserPropertyCommand, UserPropertyEvent>()({
  state: (journal): { readonly userProperties: Properties; readonly formerProperties: FormerProperties } => ({
    userProperties: new NestedMap(journal),
    formerProperties: new JournaledMap(journal),
  }),
  commands: {
    SetUserProperties: {
      class: SetUserProperties,
      needs: 'user.manage',
      admit: ({ data }, state) => admitProperties(state.userProperties, data.user_id, data.properties),
    },
    DeleteUserProperty: { class: DeleteUserProperty, needs: 'user.manage', admit: noTexts },
  },
  events: {
    UserPropertyAdded: told('create', 'added the property {name} for users', { name: text }),
    UserPropertiesSet: {
      ...told('update', 'set properties of {user}', { user_id: id, properties: byName(text) }),
      personal: ['properties'],
    },
    UserPropertyDeleted: told('delete', 'deleted the property {name} of users', { name: text }),
  },
  decide: (command, { userProperties }, questions) => decide(command, userProperties, questions),
  evolve: ({ userProperties, formerProperties }, { event }) =>
    evolve(userProperties, formerProperties, event),
  follow: {
    UserDeleted: ({ userProperties }, { user_id }) => endProperties(userProperties, user_id),
    UserRestored: ({ userProperties }, { user_id, properties }) =>
      setProperties(userProperties, user_id, properties),
  },
});
