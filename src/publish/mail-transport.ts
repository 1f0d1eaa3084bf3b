import type { MailMessage } from './mail-message.js';

/** The way on which mails leave the service. */
export interface MailTransport {
  /** A sentence for the operator, without secrets. */
  readonly purpose: string;
  /**
   * Resolves when another party has accepted the message and answers for it.
   * @param signal tears the connection down; the message may have been accepted all the same
   * @throws what {@link failureOf} understands
   */
  send(message: MailMessage, signal: AbortSignal): Promise<void>;
  /** Ends idle connections. */
  close(): void;
}
