import { noTexts } from './admission.js';
import { aggregate } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { Properties } from './properties.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import type { FormerProperties, UserPropertyEvent } from './user-properties.js';

/** Gives a deleted property back to the users of the account, with all values that it had or not at all. */
export class RestoreUserProperty extends AccountCommand<{ readonly name: string }> {
  readonly type = 'RestoreUserProperty';
}

interface Parts {
  readonly userProperties: Properties;
  readonly formerProperties: FormerProperties;
}

/**
 * @throws Rejection not_deleted, property_not_found; user_not_found for a user that had a value and is gone; quota_exceeded
 * for more names than an account may have
 */
function decide(
  { data: { name } }: RestoreUserProperty,
  { userProperties, formerProperties }: Parts,
  questions: Questions,
): UserPropertyEvent[] {
  if (userProperties.has(name)) throw new Rejection('not_deleted');
  const former = formerProperties.get(name);
  if (!former) throw new Rejection('property_not_found');
  questions.requireRoom('properties', userProperties.size);
  const values = Object.entries(former);
  if (!values.every(([user_id]) => questions.hasUser(user_id)))
    throw new Rejection('user_not_found', `A user that had a value of ${name} is not there any more`);
  return [
    { type: 'UserPropertyAdded', data: { name } },
    ...values.map(([user_id, value]) => ({
      type: 'UserPropertiesSet' as const,
      data: { user_id, properties: { [name]: value } },
    })),
  ];
}

export const propertyRestoration = aggregate<RestoreUserProperty, never, Parts>()({
  state: () => ({}),
  commands: {
    RestoreUserProperty: { class: RestoreUserProperty, needs: 'user.manage', admit: noTexts },
  },
  events: {},
  decide,
  evolve: () => undefined,
});
