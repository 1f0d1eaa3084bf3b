import type { OcsfClass } from './ocsf-classes.js';
import { subjectIn, type ToldEvent } from './told-event.js';

/** @see https://github.com/ocsf/ocsf-schema/blob/1.8.0/objects/user.json */
export interface OcsfUser {
  readonly uid?: string;
  readonly name?: string;
  readonly full_name?: string;
  readonly email_addr?: string;
  readonly type_id: number;
  readonly type: string;
  readonly programmatic_credentials?: readonly { readonly uid: string }[];
}

/** Who did something. @see https://github.com/ocsf/ocsf-schema/blob/1.8.0/objects/actor.json */
export interface OcsfActor {
  readonly app_name?: string;
  readonly user?: OcsfUser;
}

/** What an event of a class is about: the attributes that the class has besides those that all classes have. */
export interface OcsfTargets {
  readonly user?: OcsfUser;
  readonly group?: { readonly uid: string; readonly name?: string };
  readonly privileges?: readonly string[];
  readonly resource?: { readonly uid: string; readonly type: string };
  readonly entity?: OcsfEntity;
  readonly service?: { readonly name: string };
  readonly is_remote?: boolean;
  readonly auth_protocol_id?: number;
  readonly auth_protocol?: string;
  readonly api?: {
    readonly operation: string;
    readonly service: { readonly name: string };
    readonly response: { readonly code: number; readonly error?: string };
  };
  readonly resources?: readonly { readonly uid: string; readonly type: string }[];
  readonly src_endpoint?: { readonly ip: string };
  readonly http_request?: {
    readonly http_method: string;
    readonly uid: string;
    readonly user_agent?: string;
  };
  readonly http_response?: { readonly code: number };
}

interface OcsfEntity {
  readonly uid: string;
  readonly name?: string;
  readonly type_id: number;
  readonly type: string;
  readonly org?: { readonly uid: string; readonly name?: string };
}

export const SERVICE = 'Muster';

export function actorOf({ event: { authtype, authid, credentialid } }: ToldEvent): OcsfActor {
  const credential = credentialid === undefined ? {} : { programmatic_credentials: [{ uid: credentialid }] };
  if (authtype === 'app_user' && authid !== undefined) return { user: { ...person(authid), ...credential } };
  const name = authid ?? 'unknown';
  return { app_name: SERVICE, user: { uid: name, name, type_id: 3, type: 'System', ...credential } };
}

export function person(uid: string): OcsfUser {
  return { uid, type_id: 1, type: 'User' };
}

export function targetsOf(name: OcsfClass, told: ToldEvent): OcsfTargets {
  const { data } = told;
  switch (name) {
    case 'account':
      return { user: userIn(told) };
    case 'authentication':
      return { user: userIn(told), service: { name: SERVICE }, is_remote: true };
    case 'access':
      return { user: userIn(told), privileges: privilegesIn(told) };
    case 'group': {
      const group = { uid: idIn(told, 'group_id'), ...textIn(told, 'name') };
      const user = typeof data['user_id'] === 'string' ? { user: userIn(told) } : {};
      if (typeof data['client_id'] === 'string')
        return { group, ...user, privileges: privilegesIn(told), resource: clientIn(data['client_id']) };
      const privileges = Array.isArray(data['permissions']) ? { privileges: privilegesIn(told) } : {};
      return { group, ...user, ...privileges };
    }
    default:
      return { entity: entityIn(told) };
  }
}

function clientIn(uid: string) {
  return { uid, type: 'Client account' } as const;
}

function userIn(told: ToldEvent): OcsfUser {
  const { first_name, last_name, email } = told.data;
  const names = typeof first_name === 'string' ? { full_name: `${first_name} ${String(last_name)}` } : {};
  const address = typeof email === 'string' ? { name: email, email_addr: email } : {};
  return { ...person(idIn(told, 'user_id')), ...names, ...address };
}

/** Permissions, or what is given: a role, or access to a client. */
function privilegesIn({ data: { permissions, role_id, client_id } }: ToldEvent): readonly string[] {
  if (Array.isArray(permissions)) return permissions.map(String);
  if (typeof role_id === 'string') return [`roles/${role_id}`];
  return typeof client_id === 'string' ? [`clients/${client_id}`] : [];
}

function entityIn(told: ToldEvent): OcsfEntity {
  const { type: event } = told.event;
  const name = textIn(told, 'name');
  const property = /^(User|Client)Property(Added|Deleted)$/.exec(event);
  if (property) return other(name.name ?? subjectIn(told.event).id, `${property[1]} property`, name);
  if (event.startsWith('Mail')) return other(idIn(told, 'mail_id'), 'Mail');
  const { type, id } = subjectIn(told.event);
  if (type !== 'client' && type !== 'account') return other(id, type === 'role' ? 'Role' : 'Webhook', name);
  return { uid: id, ...name, type_id: 4, type: 'Organization', org: { uid: id, ...name } };
}

function other(uid: string, type: string, name: { readonly name?: string } = {}): OcsfEntity {
  return { uid, ...name, type_id: 99, type };
}

function idIn({ data, event }: ToldEvent, field: string): string {
  const id = data[field];
  return typeof id === 'string' ? id : subjectIn(event).id;
}

function textIn({ data }: ToldEvent, field: 'name'): { readonly name?: string } {
  const text = data[field];
  return typeof text === 'string' ? { [field]: text } : {};
}
