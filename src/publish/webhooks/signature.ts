import { createHmac, sign } from 'node:crypto';
import { hmacKeyOf, privateKeyOf, type WebhookSecret } from '../../application/webhook-secret.js';

/** The headers that the Standard Webhooks specification 1.0.0 has a request carry. */
export type WebhookHeaders = Readonly<
  Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>
>;

/**
 * Signs a request with each secret, by HMAC-SHA-256 (v1) and by ed25519 (v1a).
 * @param time of the attempt, in milliseconds since the epoch
 */
export function signed(
  secrets: readonly WebhookSecret[],
  { id, time, body }: { readonly id: string; readonly time: number; readonly body: string | Buffer },
): WebhookHeaders {
  const timestamp = String(Math.floor(time / 1000));
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), Buffer.from(body)]);
  const signatures = secrets.flatMap((secret) => [
    `v1,${createHmac('sha256', hmacKeyOf(secret)).update(content).digest('base64')}`,
    `v1a,${sign(null, content, privateKeyOf(secret)).toString('base64')}`,
  ]);
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
