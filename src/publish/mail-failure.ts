import { Undeliverable } from './mail-message.js';

/** Why a message was not accepted. */
export interface MailFailure {
  /** Whether another try is of no use. */
  readonly isPermanent: boolean;
  /**
   * `smtp 550` for example, the code of an error, or a reason of {@link NotOffered}.
   * It is never a text of the server, which may hold an address.
   */
  readonly reason: string;
}

/**
 * The server does not offer what is needed.
 * `no_smtputf8`: it takes no addresses beyond ASCII. That is permanent, as the address does not change by
 * itself.
 * `no_auth_method`: it lacks the mechanism for signing in that the settings name. That may change.
 */
export class NotOffered extends Error {
  constructor(readonly reason: 'no_smtputf8' | 'no_auth_method') {
    super(reason);
  }
}

/**
 * The commands whose answer is about this recipient and this message.
 * The answers to other commands are about the server and its settings.
 */
const ownCommands = new Set(['RCPT TO', 'DATA']);
/** The codes of a server that wants us to sign in or to encrypt. Our settings are wrong, not the mail. */
const aboutSettings = new Set([530, 534, 535, 538]);
/** The codes of the client itself for a message that cannot be sent. */
const unsendable = new Set(['EENVELOPE', 'EMESSAGE']);

/** What an error of a {@link MailTransport} means. */
export function failureOf(error: unknown): MailFailure {
  if (error instanceof Undeliverable) return { isPermanent: true, reason: 'EENVELOPE' };
  if (error instanceof NotOffered)
    return { isPermanent: error.reason === 'no_smtputf8', reason: error.reason };
  const { code, originalCode, command, responseCode } = detailsOf(error);
  if (typeof responseCode === 'number') {
    // 503 says that a command came at the wrong time. That is no fault of the mail.
    const isRefusal = responseCode >= 500 && responseCode !== 503 && !aboutSettings.has(responseCode);
    return {
      isPermanent: isRefusal && ownCommands.has(String(command)),
      reason: `smtp ${responseCode}`,
    };
  }
  if (code === 'EABORT') return { isPermanent: false, reason: 'ETIMEDOUT' };
  const isPermanent = unsendable.has(String(code)) && command === 'API';
  const known = [originalCode, code].find(isCode);
  return { isPermanent, reason: known ?? 'unknown' };
}

function isCode(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z][A-Z0-9_]{1,50}$/.test(value);
}

function detailsOf(error: unknown): Readonly<Record<string, unknown>> {
  return typeof error === 'object' && error !== null ? { ...error } : {};
}
