import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

/**
 * What a webhook signs by, as the Standard Webhooks specification 1.0.0 writes it down: `whsec_` and 32 random bytes for
 * HMAC-SHA-256 (v1); `whsk_` and the 64 bytes of an ed25519 key, its seed and its public half, for v1a. Both are base64.
 */
export interface WebhookSecret {
  readonly v1: string;
  readonly v1a: string;
}

/** In PKCS #8, what stands before the 32 bytes of an ed25519 seed (RFC 8410). */
const PKCS8_BEFORE_SEED = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_BYTES = 32;

export function newWebhookSecret(): WebhookSecret {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-SEED_BYTES);
  const pair = Buffer.concat([seed, rawPublicKey(publicKey)]);
  return { v1: `whsec_${randomBytes(32).toString('base64')}`, v1a: `whsk_${pair.toString('base64')}` };
}

/** The key that signs v1a. */
export function privateKeyOf({ v1a }: WebhookSecret): KeyObject {
  const seed = Buffer.from(v1a.replace(/^whsk_/, ''), 'base64').subarray(0, SEED_BYTES);
  return createPrivateKey({ key: Buffer.concat([PKCS8_BEFORE_SEED, seed]), format: 'der', type: 'pkcs8' });
}

/** The bytes of the secret that signs v1. */
export function hmacKeyOf({ v1 }: WebhookSecret): Buffer {
  return Buffer.from(v1.replace(/^whsec_/, ''), 'base64');
}

/** The public half of a secret: `whpk_` and 32 bytes as base64. */
export function publicKeyOf(secret: WebhookSecret): string {
  return `whpk_${rawPublicKey(createPublicKey(privateKeyOf(secret))).toString('base64')}`;
}

function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' }).subarray(-SEED_BYTES);
}
