import { Metadata, status } from '@grpc/grpc-js';

/** A call that ends with another status than OK; `trailers` carry what the client tells its exceptions by. */
export class Failure extends Error {
  readonly metadata = new Metadata();

  constructor(
    readonly code: status,
    readonly details: string,
    trailers: Readonly<Record<string, string>> = {},
  ) {
    super(details);
    for (const [key, value] of Object.entries(trailers)) this.metadata.set(key, value);
  }
}

export const unavailable = () => new Failure(status.UNAVAILABLE, 'The peer is unavailable');
export const notReady = () => new Failure(status.UNAVAILABLE, 'Server Is Not Ready');
export const unauthenticated = () => new Failure(status.UNAUTHENTICATED, 'Unauthenticated');
export const unimplemented = (what: string) => new Failure(status.UNIMPLEMENTED, `${what}: not in this peer`);
export const timedOut = () => new Failure(status.ABORTED, 'Operation timed out');
export const accessDenied = () =>
  new Failure(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });
export const tooLarge = (limit: number) =>
  new Failure(status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  });
export const notLeader = (leader: { readonly host: string; readonly port: number }) =>
  new Failure(status.NOT_FOUND, `Leader info available`, {
    exception: 'not-leader',
    'leader-endpoint-host': leader.host,
    'leader-endpoint-port': String(leader.port),
  });
