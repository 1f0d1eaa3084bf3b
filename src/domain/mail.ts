import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { Event } from './event.js';
import { JournaledMap } from './journaled-map.js';
import type { PasswordTokenIssued } from './password-tokens.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { id, moment, record, type Shape, text, word } from './shape.js';

/** Mails with a link by which the reader chooses a password. */
export const linkMails = ['welcome', 'invitation', 'password_reset'] as const;
export type LinkMail = (typeof linkMails)[number];
/** Mails that tell of a webhook. */
const webhookMails = ['webhook_warned', 'webhook_disabled'] as const;
const mailKinds = [...linkMails, ...webhookMails] as const;
export type MailKind = (typeof mailKinds)[number];

export function isLinkMail(kind: MailKind): kind is LinkMail {
  return linkMails.some((one) => one === kind);
}

/** What a mail tells of a webhook. */
export interface MailAbout {
  readonly webhook_id: string;
  /** The host of its address. */
  readonly host: string;
  /** How much of the schedule of attempts is over, in percent; null when it was switched off. */
  readonly percent: 50 | 70 | 90 | null;
  /** Why: the error of the last attempt, or the reason for which it was switched off. */
  readonly cause: string;
}

/**
 * Asks for a mail to a user. A mail of that kind that is still to be sent serves the request, unless it was put off. Then
 * its next attempt may be hours away, and the caller expects a mail now.
 */
export class RequestMail extends AccountCommand<{
  readonly user_id: string;
  readonly mail_id: string;
  readonly kind: LinkMail;
}> {
  readonly type = 'RequestMail';
}

/**
 * Claims a mail until a time, to send it, where it has a link, with a new password token of the given hash. Of several instances that try, one
 * gets events. After that time an instance may claim it again if nothing else was recorded.
 *
 * A clock that was ahead may have put the mail off for too long. An instance that has waited for as long sends the mail's
 * due time as `waited_for` and may claim it early. Times are ISO 8601 in UTC with milliseconds, here and below.
 */
export class ClaimMail extends AccountCommand<{
  readonly user_id: string;
  readonly mail_id: string;
  readonly token_hash?: string | undefined;
  readonly expires?: string | undefined;
  readonly until: string;
  readonly now: string;
  readonly waited_for?: string;
}> {
  readonly type = 'ClaimMail';
}

/** Puts a mail off after a failed attempt. The first attempt is 1. A command for an older attempt changes nothing. */
export class DeferMail extends AccountCommand<{
  readonly user_id: string;
  readonly mail_id: string;
  readonly attempt: number;
  readonly until: string;
  readonly reason: string;
}> {
  readonly type = 'DeferMail';
}

export class RecordMailSent extends AccountCommand<{ readonly user_id: string; readonly mail_id: string }> {
  readonly type = 'RecordMailSent';
}

/** Ends a mail that cannot be sent; `attempt` as for {@link DeferMail}. */
export class GiveUpMail extends AccountCommand<{
  readonly user_id: string;
  readonly mail_id: string;
  readonly attempt: number;
  readonly reason: string;
}> {
  readonly type = 'GiveUpMail';
}

export type MailCommand = RequestMail | ClaimMail | DeferMail | RecordMailSent | GiveUpMail;

/** `about` is what a mail about a webhook tells; null for others. */
export type MailRequested = Event<
  'MailRequested',
  { user_id: string; mail_id: string; kind: MailKind; about: MailAbout | null }
>;
/** An instance is sending it; no other may until then. */
export type MailClaimed = Event<'MailClaimed', { user_id: string; mail_id: string; until: string }>;
/** `reason` is the code of an SMTP answer or of an error, or address_changed; never a server's text. */
export type MailDeferred = Event<
  'MailDeferred',
  { user_id: string; mail_id: string; until: string; reason: string }
>;
export type MailSent = Event<'MailSent', { user_id: string; mail_id: string }>;
/** `reason` as in {@link MailDeferred}, or asked_again: another mail of that kind takes its place. */
export type MailGivenUp = Event<'MailGivenUp', { user_id: string; mail_id: string; reason: string }>;

export type MailEvent = MailRequested | MailClaimed | MailDeferred | MailSent | MailGivenUp;

/** A mail that is still to be sent. */
export interface Mail {
  readonly mail_id: string;
  readonly kind: MailKind;
  /** The webhook that it is about; null for none. */
  readonly webhook_id: string | null;
  /** How often it was claimed. */
  readonly attempts: number;
  /** From when on it may be claimed; null for at once. */
  readonly due: string | null;
  /** Whether its last attempt failed and it was not claimed since. */
  readonly put_off: boolean;
}

/** The mails that are still to be sent, by user: one of each kind and webhook at most, oldest first. */
export type Mails = JournaledMap<readonly Mail[]>;

/** Asks for a mail, unless one of that kind, about the same, is still to be sent and was not put off. */
export function requesting(data: MailRequested['data'], mails: Mails): (MailRequested | MailGivenUp)[] {
  const { user_id, mail_id, kind, about } = data;
  const former = (mails.get(user_id) ?? []).find(
    (mail) => mail.kind === kind && mail.webhook_id === (about?.webhook_id ?? null),
  );
  const requested: MailRequested = { type: 'MailRequested', data };
  if (!former) return [requested];
  if (!former.put_off || former.mail_id === mail_id) return [];
  const ended = { user_id, mail_id: former.mail_id, reason: 'asked_again' };
  return [{ type: 'MailGivenUp', data: ended }, requested];
}

/** @throws Rejection user_not_found for a mail to a deleted user */
function decide(
  command: MailCommand,
  self: Mails,
  questions: Questions,
): (MailEvent | PasswordTokenIssued)[] {
  const { user_id, mail_id } = command.data;
  const own = self.get(user_id) ?? [];
  if (command.type === 'RequestMail') {
    const { kind } = command.data;
    if (!questions.hasUser(user_id)) throw new Rejection('user_not_found');
    return requesting({ user_id, mail_id, kind, about: null }, self);
  }
  const mail = own.find((one) => one.mail_id === mail_id);
  if (!mail) return [];
  switch (command.type) {
    case 'ClaimMail': {
      const { token_hash, expires, until, now, waited_for } = command.data;
      if (mail.due !== null && mail.due > now && mail.due !== waited_for) return [];
      const claimed: MailClaimed = { type: 'MailClaimed', data: { user_id, mail_id, until } };
      if (token_hash === undefined || expires === undefined || !isLinkMail(mail.kind)) return [claimed];
      return [claimed, { type: 'PasswordTokenIssued', data: { user_id, token_hash, expires } }];
    }
    case 'DeferMail': {
      const { attempt, until, reason } = command.data;
      if (attempt !== mail.attempts || until === mail.due) return [];
      return [{ type: 'MailDeferred', data: { user_id, mail_id, until, reason } }];
    }
    case 'RecordMailSent':
      return [{ type: 'MailSent', data: { user_id, mail_id } }];
    case 'GiveUpMail': {
      const { attempt, reason } = command.data;
      if (attempt !== mail.attempts) return [];
      return [{ type: 'MailGivenUp', data: { user_id, mail_id, reason } }];
    }
  }
}

/** Applies an event in place. */
function evolve(self: Mails, event: MailEvent): void {
  const { user_id, mail_id } = event.data;
  const own = self.get(user_id) ?? [];
  switch (event.type) {
    case 'MailRequested': {
      const { kind, about } = event.data;
      const webhook_id = about?.webhook_id ?? null;
      self.set(user_id, [...own, { mail_id, kind, webhook_id, attempts: 0, due: null, put_off: false }]);
      return;
    }
    case 'MailClaimed':
    case 'MailDeferred':
      if (!own.some((mail) => mail.mail_id === mail_id))
        throw new Error(`${event.type} for a mail that is not pending`);
      self.set(
        user_id,
        own.map((mail) => (mail.mail_id === mail_id ? tried(mail, event) : mail)),
      );
      return;
    case 'MailSent':
    case 'MailGivenUp': {
      const others = own.filter((mail) => mail.mail_id !== mail_id);
      self.replace(user_id, others.length > 0 ? others : undefined);
    }
  }
}

function tried(mail: Mail, { type, data: { until } }: MailClaimed | MailDeferred): Mail {
  if (type === 'MailDeferred') return { ...mail, due: until, put_off: true };
  return { ...mail, attempts: mail.attempts + 1, due: until, put_off: false };
}

const ofMail = { user_id: id, mail_id: id };
const percentOrNull: Shape<50 | 70 | 90 | null> = { enum: [50, 70, 90, null] };
const about: Shape<MailAbout | null> = {
  anyOf: [record({ webhook_id: id, host: text, percent: percentOrNull, cause: text }), { type: 'null' }],
};

export const mail = aggregate<MailCommand, MailEvent>()({
  state: (journal) => ({ mails: new JournaledMap<readonly Mail[]>(journal) }),
  commands: {
    RequestMail: { class: RequestMail, needs: 'user.manage', admit: noTexts },
    ClaimMail: { class: ClaimMail, needs: 'service', admit: noTexts },
    DeferMail: { class: DeferMail, needs: 'service', admit: noTexts },
    RecordMailSent: { class: RecordMailSent, needs: 'service', admit: noTexts },
    GiveUpMail: { class: GiveUpMail, needs: 'service', admit: noTexts },
  },
  events: {
    MailRequested: {
      ...told('mail', 'asked for a mail ({kind}) to {user}', { ...ofMail, kind: word(mailKinds), about }),
      version: 2,
      formerly: [{ ...ofMail, kind: word(linkMails) }],
    },
    MailClaimed: told('mail', 'began to send a mail to {user}', { ...ofMail, until: moment }),
    MailDeferred: told('mail', 'put off a mail to {user}: {reason}', {
      ...ofMail,
      until: moment,
      reason: text,
    }),
    MailSent: told('mail', 'sent a mail to {user}', ofMail),
    MailGivenUp: told('mail', 'gave up a mail to {user}: {reason}', { ...ofMail, reason: text }),
  },
  decide: (command, { mails }, questions) => decide(command, mails, questions),
  evolve: ({ mails }, { event }) => evolve(mails, event),
  follow: { UserDeleted: ({ mails }, { user_id }) => mails.delete(user_id) },
});
