import { RestoreUserProperty } from '../../domain/property-restoration.js';
import { AddUserTabInstances, RemoveUserTabInstance, type TabInstance } from '../../domain/tab-instances.js';
import { ReplaceUserPermissions, UpdateUser } from '../../domain/user.js';
import { DeleteUserProperty, SetUserProperties } from '../../domain/user-properties.js';
import { RestoreUser } from '../../domain/user-restoration.js';
import { type Inverse, type Reverted, step } from './inverse.js';
import { sameFields, sameName, sameTabs, sameThing, sameValues } from './later.js';
import { factsAfter, factsBefore, idsOf, propertiesSet } from './revertible.js';

// What an entry says of a field was written by a command, so it has the type that commands take.

const fields: Inverse = {
  steps: (event) => {
    const facts = factsBefore(event) as Partial<UpdateUser['data']>;
    const { user_id } = idsOf(event);
    return step(new UpdateUser(event.account, { user_id, ...facts }, event.meta), factsAfter(event));
  },
  later: sameFields,
};

const laterTabs = sameTabs('UserTabInstancesAdded', 'UserTabInstanceRemoved');

/** How events about users are taken back. */
export const userInverses = {
  UserRenamed: fields,
  UserEmailChanged: fields,
  UserExternalIdChanged: fields,
  UserPermissionsReplaced: {
    steps: (event) => {
      const { permissions } = factsBefore(event) as Pick<ReplaceUserPermissions['data'], 'permissions'>;
      const { user_id } = idsOf(event);
      const command = new ReplaceUserPermissions(event.account, { user_id, permissions }, event.meta);
      return step(command, factsAfter(event));
    },
    later: sameFields,
  },
  UserPropertyAdded: {
    steps: (event) => {
      const [name = ''] = factsAfter(event).map(String);
      const command = new DeleteUserProperty(event.account, { name }, event.meta);
      return step(command, holdersIn(event, name));
    },
    later: sameName,
  },
  UserPropertiesSet: {
    steps: (event) => {
      const { properties } = factsBefore(event) as Pick<SetUserProperties['data'], 'properties'>;
      const { user_id } = idsOf(event);
      const command = new SetUserProperties(event.account, { user_id, properties }, event.meta);
      return step(
        command,
        propertiesSet(event).map(([, value]) => value),
      );
    },
    later: sameValues,
  },
  UserPropertyDeleted: {
    steps: (event) => {
      const name = String(factsBefore(event)['name']);
      return step(new RestoreUserProperty(event.account, { name }, event.meta), null);
    },
    later: sameName,
  },
  UserTabInstancesAdded: {
    steps: (event) => {
      const { user_id } = idsOf(event);
      return event.changes
        .flatMap(({ after }) => after as readonly TabInstance[])
        .flatMap(({ tab_instance_id }) =>
          step(new RemoveUserTabInstance(event.account, { user_id, tab_instance_id }, event.meta), true),
        );
    },
    later: laterTabs,
  },
  UserTabInstanceRemoved: {
    steps: (event) => {
      const { user_id } = idsOf(event);
      const instances = event.changes.flatMap(({ before }) => before as readonly TabInstance[]);
      const command = new AddUserTabInstances(event.account, { user_id, instances }, event.meta);
      return step(
        command,
        instances.map(() => null),
      );
    },
    later: laterTabs,
  },
  UserDeleted: {
    steps: (event) => {
      const { user_id } = idsOf(event);
      return step(new RestoreUser(event.account, { user_id, whole: true }, event.meta), false);
    },
    later: sameThing,
  },
} as const satisfies Readonly<Record<string, Inverse>>;

/** The users to whom a command gave a value of a property that it added, in the order of their ids. */
function holdersIn({ command }: Reverted, name: string): readonly string[] {
  return command
    .filter((event) => propertiesSet(event).some(([one, value]) => one === name && value !== ''))
    .map((event) => idsOf(event).user_id)
    .sort();
}
