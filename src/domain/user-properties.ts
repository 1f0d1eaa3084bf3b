import type { Directory } from './directory.js';
import { type Journal, JournaledMap } from './journaled-map.js';
import { type Event, Message } from './message.js';
import { Rejection } from './rejection.js';

/** How many names an account may have. */
export const MOST_PROPERTIES = 200;

/** Sets values of one user, by name; names that are not sent stay. A new name exists for every user of the account. */
export class SetUserProperties extends Message<{
  readonly user_id: string;
  readonly properties: Readonly<Record<string, string>>;
}> {
  readonly type = 'SetUserProperties';
}

/** Takes a name, and every value under it, from all users of the account. */
export class DeleteUserProperty extends Message<{ readonly user_id: string; readonly name: string }> {
  readonly type = 'DeleteUserProperty';
}

export type UserPropertyCommand = SetUserProperties | DeleteUserProperty;

/** Every user of the account has this property now, with the value "". */
export type UserPropertyAdded = Event<'UserPropertyAdded', { name: string }>;
/** Only values that changed, by name; "" stands for none. */
export type UserPropertiesSet = Event<
  'UserPropertiesSet',
  { user_id: string; properties: Readonly<Record<string, string>> }
>;
/** No user of the account has this property any more; should it be added again, it starts with "" for everybody. */
export type UserPropertyDeleted = Event<'UserPropertyDeleted', { name: string }>;

export type UserPropertyEvent = UserPropertyAdded | UserPropertiesSet | UserPropertyDeleted;

/**
 * Under each name of the account the values that are not "", by user: a name goes with all its values in one step,
 * however many users there are.
 */
export type UserProperties = JournaledMap<JournaledMap<string>>;

/** @throws Rejection user_not_found, property_not_found; bad_request for more names than an account may have */
export function decideUserProperty(
  command: UserPropertyCommand,
  self: Pick<UserProperties, 'get' | 'has' | 'size'>,
  directory: Directory,
): UserPropertyEvent[] {
  const { user_id } = command.data;
  if (!directory.user(user_id)) throw new Rejection('user_not_found');
  switch (command.type) {
    case 'SetUserProperties':
      return set(command, self);
    case 'DeleteUserProperty': {
      const { name } = command.data;
      if (!self.has(name)) throw new Rejection('property_not_found');
      return [{ type: 'UserPropertyDeleted', data: { name } }];
    }
  }
}

function set(
  { data: { user_id, properties } }: SetUserProperties,
  self: Pick<UserProperties, 'get' | 'has' | 'size'>,
): UserPropertyEvent[] {
  const entries = Object.entries(properties);
  const added = entries.filter(([name]) => !self.has(name));
  if (added.length > 0 && self.size + added.length > MOST_PROPERTIES)
    throw new Rejection(
      'bad_request',
      `properties must not bring the account to more than ${MOST_PROPERTIES} names; delete names that are of no use`,
    );
  const changed = entries.filter(([name, value]) => value !== (self.get(name)?.get(user_id) ?? ''));
  const events: UserPropertyEvent[] = added.map(([name]) => ({ type: 'UserPropertyAdded', data: { name } }));
  // Object.fromEntries makes a property of its own of every name, __proto__ too.
  if (changed.length > 0)
    events.push({ type: 'UserPropertiesSet', data: { user_id, properties: Object.fromEntries(changed) } });
  return events;
}

/** Applies an event in place. */
export function evolveUserProperties(self: UserProperties, event: UserPropertyEvent, journal: Journal): void {
  switch (event.type) {
    case 'UserPropertyAdded':
      self.set(event.data.name, new JournaledMap(journal));
      return;
    case 'UserPropertiesSet':
      for (const [name, value] of Object.entries(event.data.properties)) {
        const values = self.get(name);
        if (!values) throw new Error('A value of a property that does not exist');
        if (value === '') values.delete(event.data.user_id);
        else values.set(event.data.user_id, value);
      }
      return;
    case 'UserPropertyDeleted':
      self.delete(event.data.name);
  }
}

/** Ends the values of a user who is gone; the names stay. */
export function endUserProperties(self: UserProperties, user: string): void {
  for (const values of self.values()) values.delete(user);
}
