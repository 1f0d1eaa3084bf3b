import { AddUserToRole } from '../../domain/assignment.js';
import { AcceptsNothing } from '../door/validation.js';
import type { Draft } from './draft.js';
import { ClientChoice } from './client-choice.js';

interface AssignmentIds {
  readonly role_id: string;
  readonly user_id: string;
}

/** A role for a user: the path says everything. */
@AcceptsNothing()
export class AssignmentBody extends ClientChoice {
  toCommand(ids: AssignmentIds): Draft<AddUserToRole> {
    return (account, meta) => new AddUserToRole(account, ids, meta);
  }
}

/** The same below the path of the user. */
@AcceptsNothing()
export class UserRoleBody extends AssignmentBody {}
