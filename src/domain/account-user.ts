/** A user together with the account it belongs to: ids of users are unique within their account alone. */
export interface AccountUser {
  readonly user_id: string;
  readonly account: string;
}
