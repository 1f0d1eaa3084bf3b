import type { AccountEventRecord } from '../../event-store/codec.js';

/** Another account that has to be indexed before an event, because names of it stand in the entry. */
export interface Need {
  readonly account: string;
  /** How far it has to be indexed; Infinity for all there is. */
  readonly revision: number;
}

/** What an event's entry names of other accounts: its actor, and the client that it is about. */
export function needsOf({ account, event: { data }, metadata }: AccountEventRecord): Need[] {
  const needs: Need[] = [];
  const { actor } = metadata;
  if (actor.account !== null && actor.account !== account)
    needs.push({ account: actor.account, revision: actor.revision ?? 0 });
  if ('client_id' in data) needs.push({ account: data.client_id, revision: Infinity });
  return needs;
}
