import type { AttemptSubject } from '../../audit/attempts/attempt.js';
import type { Api } from './api.js';
import type { ApiRequest } from './request.js';

const types = {
  ...({ userId: 'user', groupId: 'group', roleId: 'role', clientId: 'client' } as const),
  ...({ webhookId: 'webhook' } as const),
} as const;
const LONGEST_ID = 128;

/** The method and the pattern of a request's path in its first spelling, such as `PUT /api/1.0/groups/{id}`. */
export function routeOf({ method, routeOptions }: ApiRequest, { prefixes }: Api): string {
  const { url = '' } = routeOptions;
  const [first] = prefixes;
  const prefix = prefixes.find((one) => url.startsWith(`${one}/`)) ?? first;
  const names = [...url.matchAll(/:(\w+)/g)].map(([, name]) => name);
  const pattern = url.slice(prefix.length).replace(/:(\w+)/g, (_, name: string) => {
    return name === names[0] && isType(name) ? '{id}' : `{${name}}`;
  });
  return `${method} ${first}${pattern}`;
}

/** What the ids of a request's path name. @param nameOf their names */
export function subjectsOf(
  { params }: ApiRequest,
  nameOf: (type: AttemptSubject['type'], id: string) => string | null,
): AttemptSubject[] {
  return Object.entries(params).flatMap(([parameter, id]) => {
    if (!isType(parameter)) return [];
    const type = types[parameter];
    return [{ type, id: id.slice(0, LONGEST_ID), name: nameOf(type, id) }];
  });
}

function isType(parameter: string): parameter is keyof typeof types {
  return Object.hasOwn(types, parameter);
}
