/** What sort of refusal it is; each API version maps a kind to one HTTP status. */
export type RejectionKind =
  | 'unauthenticated'
  | 'denied'
  | 'escalation'
  | 'invalid'
  | 'too_large'
  | 'unsupported'
  | 'not_found'
  | 'forbidden'
  | 'conflict'
  | 'expired'
  | 'limited'
  | 'unavailable'
  | 'broken'
  | 'internal';

/** Every error code of both APIs with its kind and its default sentence. Codes are public: never renamed, never reused. */
export const rejections = {
  auth_not_provided: ['unauthenticated', 'This operation requires authentication'],
  auth_fail: ['unauthenticated', 'The credentials you provided are invalid'],
  auth_ambiguous: [
    'unauthenticated',
    'This e-mail address and password fit users of several accounts; sign in as <account id>/<address>, or use an API key',
  ],
  access_denied: ['denied', 'You are not allowed to do this'],
  permission_escalation: [
    'escalation',
    'You cannot give or take over permissions that you do not hold yourself',
  ],
  bad_request: ['invalid', 'The request is not valid'],
  missing_user_id: ['invalid', 'The user id is missing from the path'],
  missing_id: ['invalid', 'An id is missing from the path'],
  invalid_role: ['invalid', 'A role in the request does not exist'],
  bad_reason: ['invalid', 'The header Muster-Reason is not valid'],
  reason_required: ['invalid', 'Say in the header Muster-Reason why; this service asks for it here'],
  too_many: ['invalid', 'A list in the request is too long'],
  invalid_email: ['invalid', 'The e-mail address is not valid'],
  invalid_token: [
    'invalid',
    'This link is not valid: it was used, has expired or was never issued; ask for a new mail',
  ],
  private_target: [
    'invalid',
    'A webhook cannot send to this address: it is private, or no address of the open internet',
  ],
  unresolvable: ['invalid', 'The name of the host in the address cannot be resolved'],
  payload_too_large: ['too_large', 'The request body is too large'],
  unsupported_media_type: ['unsupported', 'Send the body as application/json, without a Content-Encoding'],
  not_found: ['not_found', 'There is nothing at this address'],
  user_not_found: ['not_found', 'There is no such user in this account'],
  group_not_found: ['not_found', 'There is no such group in this account'],
  role_not_found: ['not_found', 'There is no such role in this account'],
  entry_not_found: ['not_found', 'The log of this account has no such revision'],
  event_type_not_found: ['not_found', 'There is no event of this type and version'],
  client_not_found: ['not_found', 'There is no such client account'],
  key_not_found: ['not_found', 'The user has no such API key'],
  default_tab_not_found: ['not_found', 'The group has no such default tab'],
  property_not_found: ['not_found', 'There is no property of this name'],
  tab_instance_not_found: ['not_found', 'The user has no such tab instance'],
  delivery_not_found: ['not_found', 'There is no such delivery of this webhook'],
  webhook_not_found: ['not_found', 'There is no such webhook in this account'],
  cross_site: ['forbidden', 'A browser may not send this for a page of another site'],
  user_already_has_role: ['forbidden', 'The user already has this role'],
  user_does_not_have_role: ['forbidden', 'The user does not have this role'],
  admin_role_requires_user: [
    'forbidden',
    'The admin role must keep at least one user; give the role to another user first',
  ],
  cannot_delete_self: ['forbidden', 'You cannot delete your own account'],
  cannot_delete_super_admin: [
    'forbidden',
    'The user is the super admin of the account; name another super admin first',
  ],
  cannot_delete_technical_contact: [
    'forbidden',
    'The user is the technical contact of the account; name another technical contact first',
  ],
  cannot_delete_business_contact: [
    'forbidden',
    'The user is the business contact of the account; name another business contact first',
  ],
  user_not_in_group: ['forbidden', 'The user is not a member of this group'],
  built_in_group: ['forbidden', 'A built-in group and its members cannot be changed'],
  built_in_role: ['forbidden', 'A built-in role cannot be changed'],
  client_not_shared: ['forbidden', 'The client is not shared with this group'],
  default_tab_limit: ['forbidden', 'The group has as many default tabs as it can have'],
  quota_exceeded: ['forbidden', 'There would be more than the operator of this service allows'],
  seat_limit: ['forbidden', 'Every seat of the account is taken'],
  client_status_transition: [
    'forbidden',
    'A client that was ever active cannot be in setup or on trial again',
  ],
  client_not_in_trial: ['forbidden', 'The client account is not on trial'],
  email_in_use: ['conflict', 'Another user of the account has this e-mail address'],
  external_id_in_use: ['conflict', 'The external id is already used in the account'],
  not_deleted: ['conflict', 'It is not deleted: there is nothing to restore'],
  changed_since: [
    'conflict',
    'What the command changed was changed again since; look at the entries in the way',
  ],
  not_revertible: ['conflict', 'What this command did cannot be taken back'],
  change_too_large: ['conflict', 'What this would record is more than can be stored at once'],
  answer_too_large: [
    'conflict',
    'What this would answer is more than can be read at once; ask about one permission, or about its sources one by one',
  ],
  webhook_disabled: [
    'conflict',
    'The webhook is disabled; enable it first, with PATCH and the status active',
  ],
  webhook_paused: ['conflict', 'The webhook is paused; resume it first'],
  secret_required: [
    'conflict',
    'The service cannot keep the secret of a webhook yet: its operator must set MUSTER_SECRET',
  ],
  cursor_expired: [
    'expired',
    'The cursor is of another log, as after a restore; go on from the cursor in "resume", and read from each account what you lack up to its position there',
  ],
  account_exists: ['conflict', 'The account exists already'],
  rate_limited: ['limited', 'Too many requests come from you or your company; try again shortly'],
  unavailable: ['unavailable', 'The service cannot answer right now; try again shortly'],
  account_unreadable: [
    'broken',
    'The event log of the account holds an event that cannot be read. Trying again does not help: the operator finds the account in /health/ready and the event in the log',
  ],
  account_too_large: [
    'broken',
    'The account needs more memory than this service gives to one account. Trying again does not help: the operator can give the process more (--max-old-space-size, MUSTER_ACCOUNTS_MEMORY)',
  ],
  internal_error: ['internal', 'Something went wrong; it was logged under the request id'],
} as const satisfies Record<string, readonly [RejectionKind, string]>;

export type RejectionCode = keyof typeof rejections;

/** How far an account goes. */
export interface Head {
  readonly account: string;
  readonly revision: number;
}

/** Where a reader with an expired cursor goes on: the heads of the accounts, and a cursor that stands there. */
export interface Resume {
  readonly cursor: string;
  readonly positions: readonly Head[];
}

/** What a refusal says besides: revisions of the events in the way, seconds after which it may go better, where to go on. */
export interface RejectionDetails {
  readonly because?: readonly number[];
  readonly retryAfter?: number;
  readonly resume?: Resume;
}

/** A refusal that the caller hears of: a kind, a stable code and a sentence. It records nothing. */
export class Rejection extends Error {
  constructor(
    readonly code: RejectionCode,
    message: string = rejections[code][1],
    private readonly more: RejectionDetails = {},
  ) {
    super(message);
  }

  get because(): readonly number[] | undefined {
    return this.more.because;
  }

  get retryAfter(): number | undefined {
    return this.more.retryAfter;
  }

  get resume(): Resume | undefined {
    return this.more.resume;
  }

  get kind(): RejectionKind {
    return rejections[this.code][0];
  }
}
