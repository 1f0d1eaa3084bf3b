import type { ListedRole } from '../../read/role.js';
import { userNameExample } from './user.js';

/** A role in a list. */
export function roleRow({ id, name, description }: ListedRole): object {
  return { id, name, description };
}

export const roleExample = {
  id: '26a3d3fb4cd6bf23d35b4126be26e5f3',
  name: 'User Admin',
  description: 'Manages users, groups and roles',
};
export const roleDetailExample = {
  ...{ ...roleExample, company: 'My Company', users: [userNameExample], num_users: 1 },
  permissions: ['user.manage'],
};
