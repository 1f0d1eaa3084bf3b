import { Rejection } from '../../domain/rejection.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The token of a header `Authorization: Bearer …`, undefined when it says something else. */
export function bearerTokenIn(authorization: string): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1];
}

/** @throws Rejection auth_not_provided, auth_fail when the header is of another kind */
export function bearerToken(authorization = ''): string {
  if (authorization.trim() === '') throw new Rejection('auth_not_provided');
  const token = bearerTokenIn(authorization);
  if (token === undefined) throw new Rejection('auth_fail');
  return token;
}

/**
 * The user name and the password of a header `Authorization: Basic …` as RFC 7617 has it: base64 of RFC 4648 section 4
 * in its one canonical spelling, UTF-8 within, no control characters.
 * @returns undefined when it says something else
 */
export function basicCredentialsIn(
  authorization: string,
): { readonly name: string; readonly password: string } | undefined {
  const [, encoded = ''] = /^basic +(\S+)$/i.exec(authorization) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64') !== encoded) return undefined;
  const [, name, password] = /^([^:\0]*):([^\0]*)$/.exec(textOf(bytes) ?? '') ?? [];
  return name === undefined || password === undefined ? undefined : { name, password };
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
