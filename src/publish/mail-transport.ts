import type { MailMessage } from './mail-message.js';

/** Where mails go. */
export interface MailTransport {
  /** A sentence for those who run the service, without secrets. */
  readonly purpose: string;
  /**
   * Resolves when somebody else has taken the message on, and answers for it.
   * @param signal tears the connection down; the message may have been taken on all the same
   * @throws what {@link failureOf} understands
   */
  send(message: MailMessage, signal: AbortSignal): Promise<void>;
  /** Ends idle connections. */
  close(): void;
}
