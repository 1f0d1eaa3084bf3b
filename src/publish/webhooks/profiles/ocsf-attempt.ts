import type { AttemptData } from '../../../feed/attempt-event.js';
import { type ActivityIn, kind, type OcsfKind } from './ocsf-classes.js';
import { actorOf, type OcsfActor, type OcsfUser, person, SERVICE } from './ocsf-objects.js';
import { classified, metadataOf, type OcsfEvent } from './ocsf.js';
import type { ToldEvent } from './told-event.js';

const activities: Readonly<Record<string, ActivityIn<'api'>>> = {
  ...({
    POST: 'Create',
    GET: 'Read',
    HEAD: 'Read',
    PUT: 'Update',
    PATCH: 'Update',
    DELETE: 'Delete',
  } as const),
};

/** An attempt in OCSF: a sign-in, or a call that found no one behind its key, is an Authentication, anything else an API Activity. */
export function ocsfOfAttempt(told: ToldEvent): OcsfEvent {
  const { event, isThin, cursor } = told;
  const data = event.data as AttemptData;
  const { route, status, code, repeated, source, request_id, outcome } = data;
  const [http_method = ''] = route.split(' ');
  const isSignIn = outcome === 'failed' && status === 401;
  const agent = isThin || source.user_agent === null ? {} : { user_agent: source.user_agent };
  return {
    ...classified(isSignIn ? signIn : callOf(data, http_method), route),
    ...(code === null ? {} : { status_code: code }),
    time: Date.parse(event.time),
    message: sentenceOf(data),
    actor: actorIn(told, data),
    ...(isSignIn ? signedIn(told, data) : calledApi(data)),
    src_endpoint: { ip: source.address },
    http_request: { http_method, uid: request_id, ...agent },
    http_response: { code: status },
    metadata: metadataOf(told, 'attempts'),
    unmapped: {
      subject: event.subject,
      dataschema: event.dataschema,
      ...(isThin ? {} : { data }),
      repeated,
      cursor,
    },
  };
}

const signIn = kind('authentication', 'Logon', { severity: 'Low', isFailure: true });

function callOf({ outcome }: AttemptData, method: string): OcsfKind {
  const activity = activities[method] ?? 'Other';
  if (outcome === 'read') return kind('api', activity);
  return kind('api', activity, { severity: outcome === 'refused' ? 'Medium' : 'Low', isFailure: true });
}

function sentenceOf({ route, status, code, outcome }: AttemptData): string {
  const done = { refused: 'was refused', failed: 'failed', read: 'read all that it asked for' }[outcome];
  return `${route} ${done} (${status}${code === null ? '' : ` ${code}`})`;
}

/** A class needs one of some attributes: of a caller that nobody knows there is the program's own name, if it has one. */
function actorIn(told: ToldEvent, { source }: AttemptData): OcsfActor {
  if (told.event.authid !== undefined) return actorOf(told);
  return { app_name: (told.isThin ? null : source.user_agent) ?? 'unknown' };
}

function signedIn({ isThin }: ToldEvent, { actor, claimed, credential }: AttemptData) {
  const service = { name: SERVICE };
  const isPassword = credential?.kind === 'password';
  const protocol = isPassword ? { auth_protocol_id: 11, auth_protocol: 'Basic Authentication' } : {};
  return { user: userIn(isThin, actor, claimed), service, is_remote: true, ...protocol };
}

function userIn(isThin: boolean, actor: AttemptData['actor'], claimed: AttemptData['claimed']): OcsfUser {
  if (actor && actor.id !== null)
    return { ...person(actor.id), ...(isThin ? {} : { full_name: actor.name }) };
  if (claimed && 'email' in claimed && !isThin)
    return { name: claimed.email, email_addr: claimed.email, type_id: 1, type: 'User' };
  if (claimed && 'email_hash' in claimed) return { uid: claimed.email_hash, type_id: 0, type: 'Unknown' };
  return { name: 'unknown', type_id: 0, type: 'Unknown' };
}

function calledApi({ route, status, code, subjects }: AttemptData) {
  const response = { code: status, ...(code === null ? {} : { error: code }) };
  const resources = subjects.map(({ type, id }) => ({ uid: id, type }));
  return { api: { operation: route, service: { name: SERVICE }, response }, resources };
}
