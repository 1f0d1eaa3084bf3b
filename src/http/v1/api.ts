import type { IncomingHttpHeaders } from 'node:http';
import { Rejection } from '../../domain/rejection.js';
import type { Api, SentCredential } from '../door/api.js';
import { basicCredentialsIn } from '../door/authorization.js';
import { failure, statusOf } from './envelope.js';

/** The API that is as its pages say: an envelope around every answer, and lenient with old clients. */
export const v1: Api = {
  via: 'v1',
  prefixes: ['/api/1.0', '/api/1'],
  about:
    'v1 answers in an envelope of `meta` and `data`. ' +
    'Its paths are below `/api/1.0` or, which is the same, `/api/1`: they have servers of their own.',
  schemes: {
    'kf-api-key': { type: 'apiKey', in: 'header', name: 'kf-api-key' },
    basic: {
      type: 'http',
      scheme: 'basic',
      description:
        'E-mail address and password; `<account id>/<address>` as the user name chooses the account',
    },
  },
  security: ['kf-api-key', 'basic'],
  statusOf,
  bodyOf: failure,
  errorType: 'application/json',
  challenge: 'Basic realm="Muster", charset="UTF-8"',
  refuses: ['auth_ambiguous'],
  credentialHeaders: ['kf-api-key'],
  credentialIn,
  takesAnyContentType: true,
  deniesForeignIds: true,
  lacksId: /^\/(users|(roles|groups)\/[^/]+\/users|users\/[^/]+\/roles|clients\/[^/]+\/share-rights)\/$/,
};

function credentialIn({ 'kf-api-key': key, authorization = '' }: IncomingHttpHeaders): SentCredential {
  if (typeof key === 'string' && key !== '') return { key };
  if (authorization.trim() === '') throw new Rejection('auth_not_provided');
  const credential = basicCredentialsIn(authorization);
  if (!credential) throw new Rejection('auth_fail');
  return credential;
}
