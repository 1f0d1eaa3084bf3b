import { isLocked } from '../../domain/sign-in.js';
import type { MemberView } from '../../read/members.js';
import type { UserView } from '../../read/user.js';
import type { RoleUserView } from '../../read/users-of-role.js';

/** v1 times have seconds and no fractions. */
export function seconds(time: string): string {
  return `${time.slice(0, 19)}Z`;
}

/** A user where only the name counts. */
export function userName({ id, first_name, last_name, email }: RoleUserView): object {
  return { id, first_name, last_name, email };
}

/** A row of the user list. */
export function userRow({ id, first_name, last_name, email, external_id, last_login }: UserView): object {
  const date_last_login = last_login && seconds(last_login);
  return { id, first_name, last_name, email, date_last_login, ...shown(external_id) };
}

/** A user in detail, without associations. @param now ISO 8601 in UTC with milliseconds */
export function userDetail(user: UserView, company: unknown, now: string): object {
  const { id, first_name, last_name, email, external_id, created, last_login } = user;
  const date_last_login = last_login && seconds(last_login);
  return {
    ...{ id, company, first_name, last_name, email, date_last_login, date_created: seconds(created) },
    ...{ is_locked_out: isLocked(user, now), ...shown(external_id) },
  };
}

/** A member in the detail of a group. */
export function memberRow({ id, first_name, last_name, can_edit }: MemberView): object {
  return { id, full_name: `${first_name} ${last_name}`, can_edit };
}

/** An external id is there only when there is one. */
export function shown(external_id: string | null): object {
  return external_id === null ? {} : { external_id };
}

const id = 'c17db511dbc00421d0a093fc8c236064';
const names = { first_name: 'Jane', last_name: 'Doe', email: 'jane.doe@example.com' };
const more = { date_last_login: null, date_created: '2016-06-17T18:12:06Z', is_locked_out: false };

export const userNameExample = { id, ...names };
export const userRowExample = { id, ...names, date_last_login: null, external_id: 'hr-17' };
export const groupUserExample = { id, company: 'My Company', ...names, ...more };
export const userExample = { ...groupUserExample, external_id: 'hr-17' };
export const memberExample = { id, full_name: 'Jane Doe', can_edit: false };
