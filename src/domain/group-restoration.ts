import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { GroupRestored } from './followed-events.js';
import type { FormerGroup } from './former-group.js';
import { requireFreeExternalId } from './free-keys.js';
import type { FormerGroups, Groups } from './group.js';
import { withoutEverything } from './permissions.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { isAllowed, notRestored, type NotRestored, requireAll } from './restoration.js';
import { flag, id, list, record, text, textOrNull } from './shape.js';

/** Gives a deleted group back, with what it had as far as the rules allow today; `whole`: with all of it or not at all. */
export class RestoreGroup extends AccountCommand<{
  readonly group_id: string;
  readonly whole?: boolean | undefined;
}> {
  readonly type = 'RestoreGroup';
}

/** @throws Rejection group_not_found, not_deleted, external_id_in_use, quota_exceeded; what keeps the whole from it */
function decide(
  { data: { group_id, whole = false } }: RestoreGroup,
  groups: Groups,
  former: FormerGroup | undefined,
  questions: Questions,
): GroupRestored[] {
  if (groups.has(group_id)) throw new Rejection('not_deleted');
  if (!former) throw new Rejection('group_not_found');
  questions.requireRoom('groups', groups.size);
  requireFreeExternalId(former.external_id, group_id, groups);
  const restored = returning(former, questions);
  if (whole) requireAll(groupNotRestored(former, restored, questions));
  return [{ type: 'GroupRestored', data: restored }];
}

function returning(former: FormerGroup, questions: Questions): FormerGroup {
  const isGiven = (permission: string) => isAllowed(() => questions.requireGrantable([permission]));
  const permissions = former.permissions.filter(isGiven);
  const share_rights = former.share_rights.filter(
    ({ client_id, can_manage }) =>
      isGiven('client.share') && isAllowed(() => questions.requireReach(client_id, { can_manage })),
  );
  const shares = share_rights.map(({ client_id, can_manage }) => [client_id, { can_manage }] as const);
  const memberships = former.memberships.filter(
    ({ user_id }) =>
      questions.hasUser(user_id) && isAllowed(() => questions.requireOpens(user_id, permissions, shares)),
  );
  return { ...former, permissions, share_rights, memberships };
}

/** What a restored group has not got back. */
export function groupNotRestored(
  former: FormerGroup,
  present: FormerGroup,
  questions: Pick<Questions, 'hasUser'>,
): NotRestored[] {
  const users = ({ memberships }: FormerGroup) => memberships.map(({ user_id }) => user_id);
  const clients = ({ share_rights }: FormerGroup) => share_rights.map(({ client_id }) => client_id);
  return [
    ...notRestored('user', users(former), users(present), (id) => !questions.hasUser(id)),
    ...notRestored('permission', former.permissions, present.permissions),
    ...notRestored('share_right', clients(former), clients(present)),
  ];
}

interface More {
  readonly groups: Groups;
  readonly formerGroups: FormerGroups;
}

export const groupRestoration = aggregate<RestoreGroup, GroupRestored, More>()({
  state: () => ({}),
  commands: { RestoreGroup: { class: RestoreGroup, needs: 'user.manage', admit: noTexts } },
  events: {
    GroupRestored: told('create', 'restored the group {group}', {
      group_id: id,
      name: text,
      description: text,
      external_id: textOrNull,
      permissions: list(text),
      memberships: list(record({ user_id: id, can_edit: flag })),
      default_tabs: list(id),
      share_rights: list(record({ client_id: id, can_manage: flag })),
    }),
  },
  decide: (command, { groups, formerGroups }, questions) =>
    decide(command, groups, formerGroups.get(command.data.group_id), questions),
  evolve: ({ groups }, { event: { data } }) => {
    const { group_id: id, name, description, external_id, permissions } = data;
    const facts = { name, description, external_id };
    groups.set(id, { id, ...facts, permissions: withoutEverything(permissions), built_in: false });
  },
});
