import type { Account } from './account.js';
import { noTexts } from './admission.js';
import { aggregate, told } from './aggregate.js';
import { AccountCommand } from './command.js';
import type { JournaledMap } from './journaled-map.js';
import { type MailAbout, type MailGivenUp, type MailRequested, type Mails, requesting } from './mail.js';
import { Rejection } from './rejection.js';
import { id, text, whole, word } from './shape.js';
import {
  type WebhookDisabled,
  type WebhookEnabled,
  type WebhookEvent,
  type WebhookPaused,
  type WebhookResumed,
  type WebhookWarned,
  evolveWebhook,
} from './webhook-events.js';
import { clientGaps, percents } from './webhook-fields.js';
import { type ClientGap, type DisabledReason, disabledReasons, type Webhook } from './webhook-record.js';

/** Sends nothing until it is resumed; what happens meanwhile is sent then. */
export class PauseWebhook extends AccountCommand<{ readonly webhook_id: string }> {
  readonly type = 'PauseWebhook';
}

export class ResumeWebhook extends AccountCommand<{ readonly webhook_id: string }> {
  readonly type = 'ResumeWebhook';
}

/** Sends nothing any more. With a `mail_id` the technical contact is told by a mail of that id. @see WebhookDisabled */
export class DisableWebhook extends AccountCommand<{
  readonly webhook_id: string;
  readonly reason: Exclude<DisabledReason, 'manual'>;
  readonly after: number;
  readonly mail_id?: string | undefined;
}> {
  readonly type = 'DisableWebhook';
}

/** Says that a receiver has not accepted an event for long; `mail_id` as for {@link DisableWebhook}. @see WebhookWarned */
export class WarnWebhook extends AccountCommand<
  WebhookWarned['data'] & { readonly mail_id?: string | undefined }
> {
  readonly type = 'WarnWebhook';
}

type StatusCommand = PauseWebhook | ResumeWebhook | DisableWebhook | WarnWebhook;
type Recorded = WebhookPaused | WebhookResumed | WebhookDisabled | WebhookEnabled | WebhookWarned;

/** What a caller makes of a webhook, with what the service knows of it. */
export type StatusChange =
  | { readonly to: 'active'; readonly clients_gap: readonly ClientGap[] }
  | { readonly to: 'disabled'; readonly after: number };

export function enabling(
  { id: webhook_id, status }: Webhook,
  { clients_gap }: { readonly clients_gap: readonly ClientGap[] },
): WebhookEvent[] {
  if (status === 'paused') return [{ type: 'WebhookResumed', data: { webhook_id } }];
  return status === 'disabled' ? [{ type: 'WebhookEnabled', data: { webhook_id, clients_gap } }] : [];
}

export function disabling({ id, status }: Webhook, reason: DisabledReason, after: number): WebhookEvent[] {
  if (status === 'disabled') return [];
  return [{ type: 'WebhookDisabled', data: { webhook_id: id, reason, after } }];
}

/** What is read besides webhooks: who is told of them, and of what already. */
interface Others {
  readonly webhooks: JournaledMap<Webhook>;
  readonly mails: Mails;
  readonly account: JournaledMap<Account>;
}

/** A mail to the technical contact about what was decided; none where the account has no such contact, or nothing was decided. */
function withMail(
  events: WebhookEvent[],
  { id: webhook_id, url }: Webhook,
  mail: Pick<MailAbout, 'percent' | 'cause'> & { readonly mail_id: string | undefined },
  { mails, account }: Others,
): (WebhookEvent | MailRequested | MailGivenUp)[] {
  const { mail_id, percent, cause } = mail;
  const user_id = account.get('account')?.contacts.technical_contact ?? null;
  if (events.length === 0 || mail_id === undefined || user_id === null) return events;
  const kind = percent === null ? 'webhook_disabled' : 'webhook_warned';
  const about = { webhook_id, host: new URL(url).host, percent, cause };
  return [...events, ...requesting({ user_id, mail_id, kind, about }, mails)];
}

/** @throws Rejection webhook_not_found, webhook_disabled */
function decide(command: StatusCommand, others: Others): (WebhookEvent | MailRequested | MailGivenUp)[] {
  const { webhook_id } = command.data;
  const webhook = others.webhooks.get(webhook_id);
  if (!webhook) throw new Rejection('webhook_not_found');
  const { status } = webhook;
  switch (command.type) {
    case 'PauseWebhook':
      if (status === 'disabled') throw new Rejection('webhook_disabled');
      return status === 'paused' ? [] : [{ type: 'WebhookPaused', data: { webhook_id } }];
    case 'ResumeWebhook':
      if (status === 'disabled') throw new Rejection('webhook_disabled');
      return status === 'active' ? [] : [{ type: 'WebhookResumed', data: { webhook_id } }];
    case 'DisableWebhook': {
      const { reason, after, mail_id } = command.data;
      const mail = { mail_id, percent: null, cause: reason };
      return withMail(disabling(webhook, reason, after), webhook, mail, others);
    }
    case 'WarnWebhook': {
      const { percent, event_id, attempts, error, mail_id } = command.data;
      if (status === 'disabled') return [];
      const warned: WebhookWarned = {
        type: 'WebhookWarned',
        data: { webhook_id, percent, event_id, attempts, error },
      };
      return withMail([warned], webhook, { mail_id, percent, cause: error }, others);
    }
  }
}

export const webhookStatus = aggregate<StatusCommand, Recorded, Others>()({
  state: () => ({}),
  commands: {
    PauseWebhook: { class: PauseWebhook, needs: 'webhooks', admit: noTexts },
    ResumeWebhook: { class: ResumeWebhook, needs: 'webhooks', admit: noTexts },
    DisableWebhook: { class: DisableWebhook, needs: 'service', admit: noTexts },
    WarnWebhook: { class: WarnWebhook, needs: 'service', admit: noTexts },
  },
  events: {
    WebhookPaused: told('settings', 'paused the webhook {webhook}', { webhook_id: id }),
    WebhookResumed: told('settings', 'resumed the webhook {webhook}', { webhook_id: id }),
    WebhookWarned: told(
      'settings',
      'warned that {percent} % of the attempts at the webhook {webhook} have failed',
      {
        ...{ webhook_id: id, percent: percents, event_id: text, attempts: whole, error: text },
      },
    ),
    WebhookDisabled: told('settings', 'disabled the webhook {webhook}: {reason}', {
      ...{ webhook_id: id, reason: word(disabledReasons), after: whole },
    }),
    WebhookEnabled: told('settings', 'enabled the webhook {webhook}', {
      webhook_id: id,
      clients_gap: clientGaps,
    }),
  },
  decide: (command, state) => decide(command, state),
  evolve: evolveWebhook,
});
