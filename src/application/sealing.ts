import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed text is none, was changed, or was sealed for something else or with an unknown secret. */
export class NotOpened extends Error {}

interface SealKey {
  /** Eight hexadecimal digits that tell keys apart. */
  readonly id: string;
  readonly key: Buffer;
}

/**
 * Seals texts for the log with a secret of the service: AES-256-GCM, keys by HKDF-SHA-256. A sealed text is
 * `1.<id of the key>.<nonce, ciphertext and tag as base64url>`. It opens only for the purpose that it was sealed for.
 */
export class Sealing {
  private readonly own: SealKey;
  private readonly former: SealKey | undefined;

  /** @param former the secret before: what was sealed with it opens, too */
  constructor(secret: string, former?: string) {
    this.own = keyOf(secret);
    this.former = former === undefined ? undefined : keyOf(former);
  }

  seal(text: string, purpose: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.own.key, nonce).setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `1.${this.own.id}.${sealed.toString('base64url')}`;
  }

  /** @throws NotOpened */
  open(sealed: string, purpose: string): string {
    const [, id, text = ''] = sealed.split('.');
    const found = [this.own, this.former].find((one) => one?.id === id);
    if (!found) throw new NotOpened('It was sealed with another secret');
    const bytes = Buffer.from(text, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', found.key, bytes.subarray(0, NONCE_BYTES))
        .setAAD(Buffer.from(purpose))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      const opened = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
      return Buffer.concat([opened, decipher.final()]).toString('utf8');
    } catch {
      throw new NotOpened('It was changed, or sealed for something else');
    }
  }

  /** With which of the secrets a text was sealed. */
  secretOf(sealed: string): 'own' | 'former' | 'unknown' {
    const [, id] = sealed.split('.');
    if (id === this.own.id) return 'own';
    return id === this.former?.id ? 'former' : 'unknown';
  }
}

function keyOf(secret: string): SealKey {
  const derive = (info: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', secret, '', `muster ${info}`, bytes));
  return { id: derive('key id', 4).toString('hex'), key: derive('sealing key', 32) };
}
