import fc from 'fast-check';
import type { Command } from '../../src/domain/aggregates.js';
import {
  ClaimMail,
  DeferMail,
  GiveUpMail,
  type LinkMail,
  RecordMailSent,
  RequestMail,
} from '../../src/domain/mail.js';
import type { CommandMeta } from '../../src/domain/command.js';
import { ResetPassword } from '../../src/domain/password-tokens.js';
import { ACME, as, system } from '../support/domain.js';

const kind = fc.constantFrom<LinkMail[]>('welcome', 'invitation', 'password_reset');
const user_id = fc.constantFrom('max', 'bob', 'bob', 'u0');
/** The id of a mail tells its user and kind, so that most of what is said is said of mails there are. */
const mail = fc
  .record({ user_id, kind })
  .map((data) => ({ ...data, mail_id: `${data.user_id}-${data.kind}` }));
const attempt = fc.nat({ max: 2 });
const token_hash = fc.constantFrom('h0', 'h1');
const hour = fc.constantFrom('10', '11', '12').map((hours) => `2026-01-31T${hours}:00:00.000Z`);

/** Commands about mails and password tokens. `meta` sends most of the ones that users may send. */
export function mailing(meta: fc.Arbitrary<CommandMeta>): fc.Arbitrary<() => Command>[] {
  return [
    fc.tuple(mail, meta).map(
      ([data, by]) =>
        () =>
          new RequestMail(ACME, data, by),
    ),
    fc.tuple(mail, token_hash, hour, hour).map(([{ user_id, mail_id }, hash, now, expires]) => () => {
      const times = { now, until: now.replace(':00:', ':30:'), expires };
      return new ClaimMail(ACME, { user_id, mail_id, token_hash: hash, ...times }, system);
    }),
    fc.tuple(mail, attempt, hour, meta).map(([{ user_id, mail_id }, number, until, by]) => () => {
      const data = { user_id, mail_id, attempt: number, until, reason: '451' };
      return new DeferMail(ACME, data, by);
    }),
    fc.tuple(mail, meta).map(
      ([{ user_id, mail_id }, by]) =>
        () =>
          new RecordMailSent(ACME, { user_id, mail_id }, by),
    ),
    fc.tuple(mail, attempt, meta).map(([{ user_id, mail_id }, number, by]) => () => {
      const data = { user_id, mail_id, attempt: number, reason: '550' };
      return new GiveUpMail(ACME, data, by);
    }),
    fc
      .record({ user_id, token_hash, password_hash: fc.constant('h'), now: hour })
      .map((data) => () => new ResetPassword(ACME, data, as(data.user_id))),
  ];
}
