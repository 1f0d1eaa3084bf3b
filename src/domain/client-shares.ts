import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import type { Questions, ShareRight } from './questions.js';
import { Rejection } from './rejection.js';
import { Relation } from './relation.js';
import { flag, id } from './shape.js';

/**
 * Opens a client of the company to the members of groups, each group named once.
 * `can_manage` absent means false for a new share and unchanged for one that is there.
 */
export class ShareClient extends AccountCommand<{
  readonly client_id: string;
  readonly shares: readonly {
    readonly group_id: string;
    readonly can_manage?: boolean | undefined;
  }[];
}> {
  readonly type = 'ShareClient';
}

export class UnshareClient extends AccountCommand<{ readonly client_id: string; readonly group_id: string }> {
  readonly type = 'UnshareClient';
}

export type ClientShareCommand = ShareClient | UnshareClient;

/** New, or with another `can_manage` than before. */
export type ClientShared = Event<
  'ClientShared',
  { client_id: string; group_id: string; can_manage: boolean }
>;
export type ClientUnshared = Event<'ClientUnshared', { client_id: string; group_id: string }>;

export type ClientShareEvent = ClientShared | ClientUnshared;

/** Client to group, in the state of the company. */
export type ClientShares = Relation<ShareRight>;

/**
 * The client's own stream says whether there is such a client. The sender has looked there. A share of no client opens
 * nothing.
 *
 * X92: a sender cannot open a client to a group of their own unless they reach the client as far already. The same holds
 * for each user that limits the key of the request.
 * @throws Rejection group_not_found, client_not_shared, permission_escalation; client_not_found in a client account, which has no clients
 */
function decide(command: ClientShareCommand, self: ClientShares, questions: Questions): ClientShareEvent[] {
  if (!questions.isCompany) throw new Rejection('client_not_found');
  const { client_id } = command.data;
  const shares = self.bySubject.get(client_id);
  switch (command.type) {
    case 'ShareClient':
      return command.data.shares.flatMap(({ group_id, can_manage }): ClientShared[] => {
        if (!questions.hasGroup(group_id)) throw new Rejection('group_not_found');
        const before = shares?.get(group_id);
        const after = can_manage ?? before?.can_manage ?? false;
        if (before?.can_manage === after) return [];
        const isMore = !before || after;
        if (isMore && questions.isSenderIn(group_id))
          questions.requireReach(client_id, { can_manage: after });
        return [{ type: 'ClientShared', data: { client_id, group_id, can_manage: after } }];
      });
    case 'UnshareClient': {
      const { group_id } = command.data;
      if (!questions.hasGroup(group_id)) throw new Rejection('group_not_found');
      if (!shares?.has(group_id)) throw new Rejection('client_not_shared');
      return [{ type: 'ClientUnshared', data: { client_id, group_id } }];
    }
  }
}

/** Whether one of these groups opens the client, for changes if `can_manage` is asked for. */
export function isOpenedBy(
  self: Pick<ClientShares, 'bySubject'>,
  client: string,
  asked: ShareRight,
  isIn: (groupId: string) => boolean,
): boolean {
  for (const [group, { can_manage }] of self.bySubject.get(client) ?? [])
    if ((can_manage || !asked.can_manage) && isIn(group)) return true;
  return false;
}

export const clientShares = aggregate<ClientShareCommand, ClientShareEvent>()({
  state: (journal) => ({ clientShares: new Relation<ShareRight>(journal) }),
  commands: {
    ShareClient: { class: ShareClient, needs: 'client.share', admit: noTexts },
    UnshareClient: { class: UnshareClient, needs: 'client.share', admit: noTexts },
  },
  events: {
    ClientShared: told('permission', 'shared {client} with {group}', {
      client_id: id,
      group_id: id,
      can_manage: flag,
    }),
    ClientUnshared: told('permission', 'ended the share of {client} with {group}', {
      client_id: id,
      group_id: id,
    }),
  },
  decide: (command, { clientShares }, questions) => decide(command, clientShares, questions),
  evolve: ({ clientShares }, { event: { type, data } }) => {
    if (type === 'ClientUnshared') clientShares.delete(data.client_id, data.group_id);
    else clientShares.set(data.client_id, data.group_id, { can_manage: data.can_manage });
  },
  follow: {
    GroupDeleted: ({ clientShares }, { group_id }) => clientShares.deleteOther(group_id),
    GroupRestored: ({ clientShares }, { group_id, share_rights }) => {
      for (const { client_id, can_manage } of share_rights)
        clientShares.set(client_id, group_id, { can_manage });
    },
  },
});
