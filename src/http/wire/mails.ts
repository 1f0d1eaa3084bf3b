import { type LinkMail, RequestMail } from '../../domain/mail.js';
import { AcceptsNothing } from '../door/validation.js';
import type { Draft } from './draft.js';
import { ClientChoice } from './client-choice.js';

/** A mail for a user: the path says everything. */
@AcceptsNothing()
export class OperationBody extends ClientChoice {
  toCommand(mail: {
    readonly user_id: string;
    readonly mail_id: string;
    readonly kind: LinkMail;
  }): Draft<RequestMail> {
    return (account, meta) => new RequestMail(account, mail, meta);
  }
}
