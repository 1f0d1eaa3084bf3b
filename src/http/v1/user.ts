import { isLocked } from '../../domain/sign-in.js';
import type { UserView } from '../../read/user.js';

/** v1 times have seconds and no fractions. */
export function seconds(time: string): string {
  return `${time.slice(0, 19)}Z`;
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

/** An external id is there only when there is one. */
export function shown(external_id: string | null): object {
  return external_id === null ? {} : { external_id };
}

const id = 'c17db511dbc00421d0a093fc8c236064';
const names = { first_name: 'Jane', last_name: 'Doe', email: 'jane.doe@example.com' };

export const userRowExample = { id, ...names, date_last_login: null, external_id: 'hr-17' };
export const userExample = {
  ...{ id, company: 'My Company', ...names, date_last_login: null, date_created: '2016-06-17T18:12:06Z' },
  ...{ is_locked_out: false, external_id: 'hr-17' },
};
export const userGroupExample = {
  id: '42c1accfbcfd54d44029ee5199805a9f',
  name: 'Managers',
  description: 'All managers in the company',
};
