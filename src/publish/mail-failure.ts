import { Undeliverable } from './mail-message.js';

/** Why a mail was not taken on. */
export interface MailFailure {
  /** Trying again is of no use. */
  readonly isPermanent: boolean;
  /** `smtp 550`, the code of an error, or one of {@link NotOffered}; never a server's text, which may hold an address. */
  readonly reason: string;
}

/**
 * The server does not offer what is needed: `no_smtputf8`, to take addresses beyond ASCII, is for good, as the address
 * will not change by itself; `no_auth_method`, the mechanism to sign in by that the settings name, is for a while.
 */
export class NotOffered extends Error {
  constructor(readonly reason: 'no_smtputf8' | 'no_auth_method') {
    super(reason);
  }
}

/** The commands whose answer is about this recipient and this message; others are about the server and its settings. */
const ownCommands = new Set(['RCPT TO', 'DATA']);
/** The server wants us to sign in, or to encrypt: our settings are wrong, not the mail. */
const aboutSettings = new Set([530, 534, 535, 538]);
/** The client itself found that a message cannot be sent. */
const unsendable = new Set(['EENVELOPE', 'EMESSAGE']);

/** What an error of a {@link MailTransport} means. */
export function failureOf(error: unknown): MailFailure {
  if (error instanceof Undeliverable) return { isPermanent: true, reason: 'EENVELOPE' };
  if (error instanceof NotOffered)
    return { isPermanent: error.reason === 'no_smtputf8', reason: error.reason };
  const { code, originalCode, command, responseCode } = detailsOf(error);
  if (typeof responseCode === 'number') {
    // 503 says that a command came at the wrong time, which is between the two programs.
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
