import type { Attempt } from '../audit/attempts/attempt.js';
import { deliveryEvents, type DeliveryEventType } from '../domain/delivery-events.js';
import { type CloudEvent, schemaUrl } from './cloud-event.js';

/** The type of an event that tells of an attempt. It is no event of the log. */
export const ATTEMPT_RECORDED = 'AttemptRecorded' satisfies DeliveryEventType;

/** What was tried: an entry of the attempts journal, without what its event says itself. */
export type AttemptData = Pick<
  Attempt,
  | ('outcome' | 'route' | 'status' | 'code' | 'actor' | 'claimed' | 'credential' | 'subjects')
  | ('repeated' | 'at' | 'request_id' | 'source')
>;

/** An attempt has no place in the log, and not always a known caller. */
export type AttemptEvent = Omit<CloudEvent, 'sequence' | 'correlationid' | 'authtype' | 'authid' | 'data'> & {
  /** As the Auth Context extension of CloudEvents names them. */
  readonly authtype: 'app_user' | 'system' | 'unauthenticated';
  readonly authid?: string;
  readonly data: AttemptData;
};

/**
 * The id of the event that tells of an attempt.
 * @param final where it is told once more: the final count of those that were counted with it
 */
export function attemptEventId(account: string, id: string, final: number | null = null): string {
  return `${account}/attempts/${id}${final === null ? '' : `.${final}`}`;
}

/** An attempt as a CloudEvent. @param base address of the service, without a slash at the end */
export function attemptEventOf(
  account: string,
  attempt: Attempt,
  base: string,
  final: number | null = null,
): AttemptEvent {
  const { id, time, actor, credential, subjects } = attempt;
  const { outcome, route, status, code, claimed, repeated, at, request_id, source } = attempt;
  const [first] = subjects;
  return {
    specversion: '1.0',
    id: attemptEventId(account, id, final),
    source: `/accounts/${account}`,
    type: ATTEMPT_RECORDED,
    subject: first ? `${first.type}s/${first.id}` : `accounts/${account}`,
    time,
    datacontenttype: 'application/json',
    dataschema: schemaUrl(base, ATTEMPT_RECORDED, deliveryEvents[ATTEMPT_RECORDED].version),
    ...callerOf(actor),
    ...(credential && credential.id !== null ? { credentialid: credential.id } : {}),
    data: {
      ...{ outcome, route, status, code, actor, claimed, credential, subjects },
      ...{ repeated: final ?? repeated, at, request_id, source },
    },
  };
}

function callerOf(actor: Attempt['actor']): Pick<AttemptEvent, 'authtype' | 'authid'> {
  if (!actor) return { authtype: 'unauthenticated' };
  return { authtype: actor.kind === 'user' ? 'app_user' : 'system', authid: actor.id ?? actor.kind };
}
