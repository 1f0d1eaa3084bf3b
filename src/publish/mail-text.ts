import { isLinkMail, type LinkMail, type MailAbout, type MailKind } from '../domain/mail.js';

/** What a mail's words depend on. */
export interface MailFacts {
  readonly kind: MailKind;
  readonly account_name: string;
  readonly first_name: string;
  readonly has_password: boolean;
  /** What a mail about a webhook tells. */
  readonly about?: MailAbout | null;
  /** The link by which the reader chooses a password, in the mails that have one. */
  readonly link?: string;
  /** When the link expires, in milliseconds since the epoch. */
  readonly expires?: number;
}

export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** A paragraph of text, or a paragraph that is a link. */
type Paragraph = string | { readonly label: string; readonly address: string };

interface Words {
  readonly subject: string;
  readonly paragraphs: readonly Paragraph[];
}

/** The words of a mail, as plain text and as HTML that says the same. */
export function mailText({ account_name, first_name, ...facts }: MailFacts): MailText {
  const { subject, paragraphs } = wordsOf(facts, plain(account_name));
  const all = [`Hello ${plain(first_name)},`, ...paragraphs];
  return { subject, text: `${all.map(asText).join('\n\n')}\n`, html: page(subject, all.map(asHtml)) };
}

function wordsOf(
  { kind, has_password, about, link, expires }: Omit<MailFacts, 'account_name' | 'first_name'>,
  account: string,
): Words {
  if (!isLinkMail(kind)) return webhookWords(required(about), account);
  const { subject, paragraphs } = linkWords({ kind, has_password, link: required(link) }, account);
  return { subject, paragraphs: [...paragraphs, `The link works until ${dateOf(required(expires))}.`] };
}

function required<Fact>(fact: Fact | null | undefined): Fact {
  if (fact === null || fact === undefined) throw new Error('A mail lacks what it is to tell');
  return fact;
}

/** Hosts, like names, are what somebody chose: they are no links. */
function webhookWords({ webhook_id, host, percent, cause }: MailAbout, account: string): Words {
  const webhook = `the webhook of ${account} for ${plain(host)}`;
  const about = `Its id is ${webhook_id}. GET /api/v2/webhooks/${webhook_id} shows its last errors.`;
  const why = plain(cause);
  if (percent === null)
    return {
      subject: `A webhook of ${account} was switched off`,
      paragraphs: [
        `Muster has switched off ${webhook}: ${why === 'gone' ? 'the receiver wants nothing more (410)' : 'an event was not accepted in any attempt'}.`,
        about,
        'Nothing is lost: once it is enabled again, disabled_gap says what a replay sends.',
      ],
    };
  return {
    subject: `A webhook of ${account} is failing`,
    paragraphs: [
      `An event for ${webhook} was not accepted. ${percent} % of the attempts are over; the last one ended with ${why}.`,
      about,
      'After the last attempt the webhook is switched off, or the event is skipped, as its settings say.',
    ],
  };
}

function linkWords(
  {
    kind,
    has_password,
    link,
  }: { readonly kind: LinkMail; readonly has_password: boolean; readonly link: string },
  account: string,
): Words {
  switch (kind) {
    case 'welcome':
      return {
        subject: `Welcome to ${account}`,
        paragraphs: [
          `You are now a user of ${account}.`,
          has_password
            ? 'You can sign in with this e-mail address and the password that was set for you. If you prefer another one, choose it here:'
            : 'To be able to sign in, choose a password:',
          { label: has_password ? 'Choose another password' : 'Choose a password', address: link },
        ],
      };
    case 'invitation':
      return {
        subject: `Invitation to ${account}`,
        paragraphs: [
          `You are invited to ${account}. To accept, choose a password:`,
          { label: 'Choose a password', address: link },
          'If you did not expect this mail, you can ignore it.',
        ],
      };
    case 'password_reset':
      return {
        subject: `A new password for ${account}`,
        paragraphs: [
          `A new password was requested for you as a user of ${account}. Choose it here:`,
          { label: 'Choose a new password', address: link },
          'If you did not ask for it, you can ignore this mail: nothing has changed.',
        ],
      };
  }
}

/** The most characters of a name. */
const LONGEST_NAME = 60;

/**
 * The name on one line, without characters that turn the direction of the text after it, and without anything that mail
 * readers make a link of: whoever chooses names must not write to strangers in the operator's name.
 */
function plain(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069\s]+/gu, ' ');
  const unlinked = line
    .replace(/(?:[a-z][a-z\d+.-]*:[/\\]+|(?:mailto|tel|sms):)/giu, '')
    .replace(/[.\u3002\uff0e\uff61](?=[\p{L}\p{N}])/gu, '. ')
    .trim();
  const characters = Array.from(unlinked);
  if (characters.length <= LONGEST_NAME) return unlinked;
  return `${characters
    .slice(0, LONGEST_NAME - 1)
    .join('')
    .trimEnd()}…`;
}

function dateOf(time: number): string {
  const [date = '', clock = ''] = new Date(time).toISOString().split('T');
  return `${date} ${clock.slice(0, 5)} UTC`;
}

function asText(paragraph: Paragraph): string {
  return typeof paragraph === 'string' ? paragraph : paragraph.address;
}

function asHtml(paragraph: Paragraph): string {
  if (typeof paragraph === 'string') return `<p>${escaped(paragraph)}</p>`;
  return `<p><a href="${escaped(paragraph.address)}">${escaped(paragraph.label)}</a></p>`;
}

function page(title: string, paragraphs: readonly string[]): string {
  const head = `<meta charset="utf-8"><title>${escaped(title)}</title>`;
  return `<!DOCTYPE html>\n<html lang="en"><head>${head}</head><body>\n${paragraphs.join('\n')}\n</body></html>\n`;
}

const entities: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
