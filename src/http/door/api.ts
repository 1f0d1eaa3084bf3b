import type { IncomingHttpHeaders } from 'node:http';
import type { DocumentBuilder } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Via } from '../../domain/command.js';
import type { Rejection, RejectionCode, RejectionKind } from '../../domain/rejection.js';

type SecurityScheme = Parameters<DocumentBuilder['addSecurity']>[1];

/** An API key, or an e-mail address and a password. */
export type SentCredential = { readonly key: string } | { readonly name: string; readonly password: string };

/** What a refusal looks like. */
export interface ErrorForm {
  readonly statusOf: Readonly<Record<RejectionKind, number>>;
  readonly bodyOf: (rejection: Rejection) => object;
  /** The media type of the body. */
  readonly errorType: string;
  /** The header WWW-Authenticate of a request without a credential that holds. */
  readonly challenge: string;
}

/** One API: all that tells it from the others. Each has a folder of its own, and `doors.ts` lists them. */
export interface Api extends ErrorForm {
  /** Its name: what the log says that commands came by, and what the ids of its operations begin with. */
  readonly via: Via;
  /** What its paths begin with. Several are spellings of one, of which the first is described. */
  readonly prefixes: readonly [string, ...string[]];
  /** Sentences of the OpenAPI document. */
  readonly about: string;
  /** Ways to say who calls, by name, as the OpenAPI document has them. */
  readonly schemes: Readonly<Record<string, SecurityScheme>>;
  /** The schemes that its routes take, any one of them. */
  readonly security: readonly string[];
  /** Refusals of each of its routes, besides those that every route has. */
  readonly refuses: readonly RejectionCode[];
  /** Headers that say who calls, besides Authorization; in lower case. */
  readonly credentialHeaders: readonly string[];
  /** @throws Rejection auth_not_provided, auth_fail when it is of another kind */
  readonly credentialIn: (headers: IncomingHttpHeaders) => SentCredential;
  /** Whether a body is read as JSON whatever its content type says. */
  readonly takesAnyContentType: boolean;
  /** Whether an id outside the caller's tree is access_denied, and so told from one that is nowhere. */
  readonly deniesForeignIds: boolean;
  /** Whether none of its routes changes anything, by whatever method they are called; not so when absent. */
  readonly isReadOnly?: boolean;
  /** Paths below a prefix that may end in a slash: an id is missing behind it, and their routes say so. */
  readonly lacksId?: RegExp;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** The APIs that are served. */
    apis: readonly Api[];
  }
}

/** The API a request belongs to: that of its route, or of its path when there is no such route. */
export function apiOf({ routeOptions, raw, server }: FastifyRequest): Api | undefined {
  const path = routeOptions.url ?? raw.url ?? '';
  return server.apis.find(({ prefixes }) => prefixes.some((prefix) => isBelow(path, prefix)));
}

function isBelow(path: string, prefix: string): boolean {
  return path.startsWith(prefix) && ['', '/', '?'].includes(path.charAt(prefix.length));
}
