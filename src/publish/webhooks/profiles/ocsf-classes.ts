/**
 * The classes of OCSF that events are told in, with those of their activities that there are in version 1.8.0.
 * @see https://github.com/ocsf/ocsf-schema/tree/1.8.0/events
 */
export const OCSF_VERSION = '1.8.0';

const iam = { uid: 3, name: 'Identity & Access Management' } as const;
const application = { uid: 6, name: 'Application Activity' } as const;
/** In every class: something else, which `activity_name` says in the source's own word. */
const Other = 99;

export const ocsfClasses = {
  account: {
    ...{ uid: 3001, name: 'Account Change', category: iam },
    activities: {
      Create: 1,
      'Password Change': 3,
      'Password Reset': 4,
      Delete: 6,
      Lock: 9,
      Unlock: 12,
      Other,
    },
  },
  authentication: { uid: 3002, name: 'Authentication', category: iam, activities: { Logon: 1, Other } },
  entity: {
    ...{ uid: 3004, name: 'Entity Management', category: iam },
    activities: {
      ...({ Create: 1, Update: 3, Delete: 4, Move: 5, Enable: 8, Disable: 9 } as const),
      ...({ Suspend: 12, Resume: 13, Other } as const),
    },
  },
  access: {
    ...{ uid: 3005, name: 'User Access Management', category: iam },
    activities: { 'Assign Privileges': 1, 'Revoke Privileges': 2 },
  },
  group: {
    ...{ uid: 3006, name: 'Group Management', category: iam },
    activities: {
      ...({ 'Assign Privileges': 1, 'Revoke Privileges': 2, 'Add User': 3, 'Remove User': 4 } as const),
      ...({ Delete: 5, Create: 6, Other } as const),
    },
  },
  api: {
    ...{ uid: 6003, name: 'API Activity', category: application },
    activities: { Create: 1, Read: 2, Update: 3, Delete: 4, Other },
  },
} as const;

export type OcsfClass = keyof typeof ocsfClasses;
export type ActivityIn<Name extends OcsfClass> = keyof (typeof ocsfClasses)[Name]['activities'] & string;

/** By their ids, from 1 on. */
export const severities = ['Informational', 'Low', 'Medium', 'High'] as const;
export type Severity = (typeof severities)[number];

/** What an event is in OCSF. */
export interface OcsfKind {
  readonly class: OcsfClass;
  readonly activity: string;
  readonly activityId: number;
  readonly severity: Severity;
  readonly isFailure: boolean;
}

/** An activity of a class: informational and done, unless `more` says otherwise. */
export function kind<Name extends OcsfClass>(
  name: Name,
  activity: ActivityIn<Name>,
  more: Partial<Pick<OcsfKind, 'severity' | 'isFailure'>> = {},
): OcsfKind {
  const ids: Readonly<Record<string, number>> = ocsfClasses[name].activities;
  const activityId = ids[activity] ?? Other;
  return { class: name, activity, activityId, severity: 'Informational', isFailure: false, ...more };
}
