import { Rejection, type RejectionCode, rejections } from './rejection.js';

/** Something that a deleted user or group had and that did not come back with it. */
export interface NotRestored {
  readonly what: 'group' | 'role' | 'user' | 'permission' | 'property' | 'share_right';
  readonly id: string;
  readonly code: RejectionCode;
  /** A sentence. */
  readonly reason: string;
}

/** What of the former things is not among those of today, and why: it is gone itself, or the actor may not give it. */
export function notRestored(
  what: NotRestored['what'],
  former: readonly string[],
  present: readonly string[],
  isGone: (id: string) => boolean = () => false,
): NotRestored[] {
  const known = new Set(present);
  return former
    .filter((id) => !known.has(id))
    .map((id) => {
      const code = isGone(id) ? goneCode(what) : 'permission_escalation';
      return { what, id, code, reason: rejections[code][1] };
    });
}

function goneCode(what: NotRestored['what']): RejectionCode {
  switch (what) {
    case 'group':
      return 'group_not_found';
    case 'role':
      return 'role_not_found';
    case 'user':
      return 'user_not_found';
    case 'property':
      return 'property_not_found';
    default:
      return 'permission_escalation';
  }
}

/** Whether a rule lets it be. @param require throws a Rejection when it does not */
export function isAllowed(require: () => void): boolean {
  try {
    require();
    return true;
  } catch (error) {
    if (error instanceof Rejection) return false;
    throw error;
  }
}

/** @throws Rejection with the code of the first thing that does not come back */
export function requireAll(left: readonly NotRestored[]): void {
  const [first] = left;
  if (first) throw new Rejection(first.code);
}
