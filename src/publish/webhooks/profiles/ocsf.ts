import { version } from '../../../version.js';
import { OCSF_VERSION, ocsfClasses, type OcsfKind, severities } from './ocsf-classes.js';
import { kindOf } from './ocsf-kinds.js';
import { actorOf, type OcsfActor, type OcsfTargets, SERVICE, targetsOf } from './ocsf-objects.js';
import { sentenceOf } from './sentence.js';
import { accountIn, type ToldEvent } from './told-event.js';

/** An event in a class of OCSF: what all classes have, and what that one has. Times are in milliseconds since the epoch. */
export interface OcsfEvent extends OcsfTargets {
  readonly class_uid: number;
  readonly class_name: string;
  readonly category_uid: number;
  readonly category_name: string;
  readonly activity_id: number;
  readonly activity_name: string;
  readonly type_uid: number;
  readonly type_name: string;
  readonly severity_id: number;
  readonly severity: string;
  readonly status_id: 1 | 2;
  readonly status: 'Success' | 'Failure';
  readonly status_code?: string;
  readonly status_detail?: string;
  readonly time: number;
  readonly message: string;
  readonly actor: OcsfActor;
  readonly metadata: OcsfMetadata;
  /** What OCSF has no attribute for. */
  readonly unmapped: Readonly<Record<string, unknown>>;
}

export interface OcsfMetadata {
  readonly version: string;
  readonly product: { readonly name: string; readonly vendor_name: string; readonly version: string };
  /** The id of the event. */
  readonly uid: string;
  /** The account that it happened in. */
  readonly tenant_uid: string;
  /** The name of the event. */
  readonly event_code: string;
  readonly log_name: string;
  /** The revision of the account. */
  readonly sequence?: number;
  /** The id of the command. */
  readonly correlation_uid?: string;
}

export function ocsfOf(told: ToldEvent): OcsfEvent {
  const { event, data } = told;
  const { type, subject, dataschema, causationid, traceparent } = event;
  const { reason } = data;
  const more = { ...(causationid ? { causationid } : {}), ...(traceparent ? { traceparent } : {}) };
  return {
    ...classified(kindOf(type, data), type),
    ...(typeof reason === 'string' ? { status_detail: reason } : {}),
    time: Date.parse(event.time),
    message: sentenceOf(told),
    actor: actorOf(told),
    ...targetsOf(kindOf(type, data).class, told),
    metadata: metadataOf(told, 'account'),
    unmapped: { subject, dataschema, ...more, ...(told.isThin ? {} : { data }), cursor: told.cursor },
  };
}

/** The attributes that say what sort of event it is. */
export function classified(
  { class: name, activity, activityId, severity, isFailure }: OcsfKind,
  type: string,
): Omit<OcsfEvent, 'time' | 'message' | 'actor' | 'metadata' | 'unmapped'> {
  const { uid, name: class_name, category } = ocsfClasses[name];
  // A consumer learns nothing from the word Other.
  const activity_name = activity === 'Other' ? type : activity;
  return {
    ...{ category_uid: category.uid, category_name: category.name, class_uid: uid, class_name },
    ...{ activity_id: activityId, activity_name },
    ...{ type_uid: uid * 100 + activityId, type_name: `${class_name}: ${activity}` },
    ...{ severity_id: severities.indexOf(severity) + 1, severity },
    ...(isFailure
      ? ({ status_id: 2, status: 'Failure' } as const)
      : ({ status_id: 1, status: 'Success' } as const)),
  };
}

/** @param log the name of what the event was read from */
export function metadataOf({ event }: ToldEvent, log: string): OcsfMetadata {
  const { id: uid, type: event_code, sequence, correlationid } = event;
  return {
    version: OCSF_VERSION,
    product: { name: SERVICE, vendor_name: SERVICE, version: version() },
    ...{ uid, tenant_uid: accountIn(event), event_code, log_name: log },
    ...(sequence === undefined ? {} : { sequence: Number(sequence) }),
    ...(correlationid === undefined ? {} : { correlation_uid: correlationid }),
  };
}
