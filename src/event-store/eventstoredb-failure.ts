import {
  AccessDeniedError,
  isCommandError,
  MaxAppendSizeExceededError,
  NotLeaderError,
  StreamDeletedError,
  StreamNotFoundError,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { RevisionConflict, StoreUnavailable, StoreUnusable } from './event-store.js';

/** What an operator can do about a failure, by a pattern of its message. */
const advice: readonly (readonly [RegExp, string])[] = [
  [
    /wrong version number|packet length|EPROTO|SSL routines/i,
    'the server does not speak TLS: add tls=false to the connection string',
  ],
  [/altname/i, "the server's certificate is for other names: use one of them in the connection string"],
  [
    /certificate (has expired|is not yet valid)/i,
    "the server's certificate is not valid today: renew it, or check the clocks of both machines",
  ],
  [
    /certificate|self[- ]signed|unable to (get|verify)/i,
    "the server's certificate is not trusted: name its authority with tlsCAFile or NODE_EXTRA_CA_CERTS",
  ],
  [
    /Failed to discover/i,
    'no node answered: check that they run, that the connection string names their hosts and ports, and whether they speak TLS',
  ],
  [
    /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|Name resolution/i,
    'check that the server runs and that the connection string names its host and port',
  ],
  [
    /socket hang up|ECONNRESET|EPIPE|Connection dropped|Protocol error|Failed to connect/i,
    'the server ended the connection; if it always does, it may want TLS: remove tls=false',
  ],
];

/** Turns an error of the client into one that the interface of event stores promises. */
export function failureOf(error: unknown, stream: string, expectedRevision = 0): Error {
  if (error instanceof StoreUnavailable || error instanceof StoreUnusable) return error;
  if (error instanceof WrongExpectedVersionError) return new RevisionConflict(stream, expectedRevision);
  if (error instanceof MaxAppendSizeExceededError)
    return new StoreUnusable(
      `EventStoreDB takes at most ${error.maxAppendSize} bytes at once; set its MaxAppendSize to 1048576 or more`,
    );
  if (error instanceof AccessDeniedError)
    return new StoreUnusable(
      `EventStoreDB denies access to ${stream}: check user and password in the connection string and the rights of that user`,
    );
  if (error instanceof StreamDeletedError)
    return new StoreUnusable(
      `Stream ${stream} was deleted for good in EventStoreDB; restore the log from a backup`,
    );
  const message = messageOf(error);
  const [, hint] = advice.find(([pattern]) => pattern.test(message)) ?? [];
  return new StoreUnavailable(
    `EventStoreDB does not answer (${message || nameOf(error)})${hint === undefined ? '' : `; ${hint}`}`,
    { cause: error },
  );
}

/** Whether the client has given up its connection. It then looks for a node at the next call. */
export function isConnectionLost(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return error instanceof NotLeaderError || code === 1 || code === 14;
}

/**
 * Whether the client would give this answer for ever. It asks for the server's features once and keeps an
 * error as well.
 */
export function isKept(error: unknown): boolean {
  return error instanceof Error && 'code' in error && !isCommandError(error) && error.code !== 14;
}

export function isNoStream(error: unknown): boolean {
  return error instanceof StreamNotFoundError;
}

/** Whether the server has refused to read from a place at which no event begins: gRPC's INVALID_ARGUMENT. */
export function isNoPosition(error: unknown): boolean {
  const cause = error instanceof StoreUnavailable ? error.cause : error;
  return cause instanceof Error && 'code' in cause && cause.code === 3;
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/ Resolution note: ?$/, '').replace(/\s+/g, ' ');
}

function nameOf(error: unknown): string {
  return error instanceof Error && 'type' in error ? String(error.type) : 'for an unknown reason';
}
