import { builtInRoles } from '../../domain/built-in-roles.js';
import { Rejection } from '../../domain/rejection.js';
import type { ApiRequest } from './request.js';
import type { Scopes } from './scopes.js';

const kinds = {
  userId: 'user',
  groupId: 'group',
  roleId: 'role',
  tabInstanceId: 'tab_instance',
} as const;

/**
 * Why an id of the path is not found, the first one in the path's order:
 * an id outside the caller's tree is access_denied, one that is elsewhere in the tree or nowhere is not found.
 * @returns undefined when every id of the path is in the scope
 */
export function foreignId(request: ApiRequest, scopes: Scopes): Rejection | undefined {
  const { scope } = request;
  if (scope === null) return undefined;
  for (const [name, id] of Object.entries(request.params)) {
    if (!isKind(name)) continue;
    const kind = kinds[name];
    const owner = scopes.ownerOf(kind, id, request);
    if (owner === scope || (kind === 'role' && builtInRoles.some((role) => role.id === id))) continue;
    if (owner !== undefined && !scopes.isInTree(request, owner)) return new Rejection('access_denied');
    return new Rejection(`${kind}_not_found`);
  }
  return undefined;
}

function isKind(name: string): name is keyof typeof kinds {
  return Object.hasOwn(kinds, name);
}
