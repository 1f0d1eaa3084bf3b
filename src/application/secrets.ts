import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * The cost of scrypt: the parameters that OWASP names for N = 2^14.
 * A hash holds its parameters, so that later hashes can cost more.
 * The tests lower the cost, because most of their time would go into hashes.
 */
export const passwordCost = { N: 16384, r: 8, p: 5 };
const KEY_BYTES = 32;

/** An id that cannot be guessed: 128 random bits as 32 lower-case hexadecimal digits. */
export function newId(): string {
  return randomBytes(16).toString('hex');
}

/** A new API key of an account: `mk_<account>_<256 random bits>`. */
export function newApiKey(account: string): string {
  return `mk_${account}_${randomBytes(32).toString('base64url')}`;
}

/** The account of a key made by {@link newApiKey}; undefined for a key of another form. */
export function accountOfApiKey(key: string): string | undefined {
  return /^mk_([0-9A-Za-z-]{1,64})_[\w-]{43}$/.exec(key)?.[1];
}

/**
 * What is stored of an API key: its SHA-256, hexadecimal.
 * A key has too much entropy to need a slow hash.
 */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** A new token that lets a user of an account set a password: `mt_<account>_<256 random bits>`. */
export function newPasswordToken(account: string): string {
  return `mt_${account}_${randomBytes(32).toString('base64url')}`;
}

/** The account of a token made by {@link newPasswordToken}; undefined for a token of another form. */
export function accountOfPasswordToken(token: string): string | undefined {
  return /^mt_([0-9A-Za-z-]{1,64})_[\w-]{43}$/.exec(token)?.[1];
}

/** What is stored of a password token: its SHA-256, hexadecimal, as of an API key. */
export function hashPasswordToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** What is stored of a password: `scrypt$N$r$p$salt$key`, the last two base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const { N, r, p } = passwordCost;
  const key = await derive(password, salt, { N, r, p });
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, n, r, p, salt = '', key = ''] = hash.split('$');
  if (scheme !== 'scrypt') return false;
  const parameters = { N: Number(n), r: Number(r), p: Number(p) };
  const derived = await derive(password, Buffer.from(salt, 'base64url'), parameters);
  return sameSecret(derived, Buffer.from(key, 'base64url'));
}

/** Compares two secrets in a time that tells nothing of their contents. */
export function sameSecret(one: string | Buffer, other: string | Buffer): boolean {
  const digest = (secret: string | Buffer) => createHash('sha256').update(secret).digest();
  return timingSafeEqual(digest(one), digest(other));
}

function derive(password: string, salt: Buffer, parameters: typeof passwordCost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, parameters, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
