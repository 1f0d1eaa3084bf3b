import type { EventStoreDBClient } from '@eventstore/db-client';
import { Channel } from '@grpc/grpc-js';

/** Closes the channel of a client that is not needed any more. The client itself never does (6.2.1). */
export async function closeChannel(client: EventStoreDBClient): Promise<void> {
  const getChannel: unknown = Reflect.get(client, 'getChannel');
  if (typeof getChannel !== 'function') return;
  const channel: unknown = await Reflect.apply(getChannel, client, []);
  if (!(channel instanceof Channel)) return;
  hangUpUngreeted(channel);
  channel.close();
}

/**
 * Ends the connections on which the server has said nothing yet. A channel that closes leaves them open
 * (grpc-js 1.14): each client of a server that hangs would leave one behind.
 */
function hangUpUngreeted(channel: Channel): void {
  const subchannels = within(channel, 'internalChannel', 'wrappedSubchannels');
  if (!(subchannels instanceof Set)) return;
  for (const subchannel of subchannels) {
    const session = within(subchannel, 'child', 'connector', 'session');
    const destroy = within(session, 'destroy');
    if (typeof destroy === 'function') Reflect.apply(destroy, session, []);
  }
}

function within(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (outer, key) => (typeof outer === 'object' && outer !== null ? Reflect.get(outer, key) : undefined),
    value,
  );
}
