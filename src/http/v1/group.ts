import type { GroupView } from '../../read/group.js';
import type { UserGroupView } from '../../read/groups-of-user.js';
import { memberExample, shown } from './user.js';

/** The vendor's number for All Users; other groups have none that is published. */
const ALL_USERS_TYPE = 10;
const GROUP_TYPE = 0;

/** A row of the group list. */
export function groupRow({ id, name, description }: Pick<GroupView, 'id' | 'name' | 'description'>): object {
  return { id, name, description };
}

/** A group in detail, without its members. */
export function groupDetail(group: GroupView, company: string): object {
  const { id, external_id, name, description, num_members } = group;
  return { id, ...shown(external_id), company, name, description, num_members };
}

/** A row of the groups of a user. */
export function userGroupRow({ id, name, description, can_edit }: UserGroupView): object {
  return { id, name, description, can_edit };
}

/** A group among the associations of a user. */
export function groupName({ id, name }: UserGroupView): object {
  return { id, name };
}

/** A group of the user who calls. */
export function profileGroup({ id, name, built_in }: UserGroupView): object {
  return { id, name, type: built_in ? ALL_USERS_TYPE : GROUP_TYPE };
}

const [id, name] = ['42c1accfbcfd54d44029ee5199805a9f', 'Managers'];
const description = 'All managers in the company';

export const groupExample = { id, name, description };
export const groupDetailExample = {
  ...{ id, external_id: 'group_api', company: 'My Company', name, description },
  ...{ num_members: 1, members: [memberExample] },
};
export const userGroupExample = { ...groupExample, can_edit: false };
export const groupNameExample = { id, name };
export const profileGroupExample = { id, name: 'All Users', type: ALL_USERS_TYPE };
