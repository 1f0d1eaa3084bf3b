import type { Api } from '../door/api.js';
import { bearerToken } from '../door/authorization.js';
import { problems } from '../door/problem.js';

/** The API of bare objects and RFC 9457 problems. */
export const v2: Api = {
  ...problems,
  via: 'v2',
  prefixes: ['/api/v2'],
  about: 'v2 answers in bare objects and RFC 9457 problems.',
  schemes: {
    bearer: { type: 'http', scheme: 'bearer', description: 'An API key' },
    operator: { type: 'http', scheme: 'bearer', description: 'MUSTER_OPERATOR_KEY' },
  },
  security: ['bearer'],
  refuses: [],
  credentialHeaders: [],
  credentialIn: ({ authorization }) => ({ key: bearerToken(authorization) }),
  takesAnyContentType: false,
  deniesForeignIds: false,
};
