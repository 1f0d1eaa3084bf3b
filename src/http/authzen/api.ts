import type { Api } from '../door/api.js';
import { bearerToken } from '../door/authorization.js';
import { problemsWith } from '../door/problem.js';
import { status } from '../door/status.js';

/** The paths of AuthZEN below the base of an account. */
export const accountBase = '/authzen';

/**
 * The Authorization API 1.0 of the OpenID AuthZEN working group: whether a user may do something, and who may.
 * Its requests are POST, and change nothing.
 */
export const authzen: Api = {
  // Section "Error Responses" knows 400, 401, 403 and 500.
  ...problemsWith({ ...status, unsupported: 400 }),
  via: 'v2',
  prefixes: [accountBase],
  about:
    'Below `/authzen/{account}` stands the Authorization API 1.0 of OpenID AuthZEN: users are its subjects, permissions its actions, accounts its resources.',
  schemes: {},
  security: ['bearer'],
  refuses: [],
  credentialHeaders: [],
  credentialIn: ({ authorization }) => ({ key: bearerToken(authorization) }),
  takesAnyContentType: false,
  deniesForeignIds: false,
  isReadOnly: true,
};

/** The same for the account of the caller, below v2. */
export const check: Api = { ...authzen, prefixes: ['/api/v2/check'], about: '' };
