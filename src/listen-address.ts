import { isIP } from 'node:net';

/** The addresses that stand for any address of the machine; nobody else gets to it by them. */
const wildcards = new Set(['0.0.0.0', '::']);

/**
 * What the setting HOST means: an IPv6 address may stand in brackets, blanks around count for nothing.
 * @returns undefined for what nobody can listen on, such as an address with a port or a scheme
 */
export function hostIn(value: string): string | undefined {
  const text = value.trim();
  const [, inBrackets = ''] = /^\[(.*)\]$/.exec(text) ?? [];
  if (isIP(inBrackets) === 6) return inBrackets;
  return isIP(text) !== 0 || /^[^\s:/@?#%[\]"\\]+$/.test(text) ? text : undefined;
}

/** The address by which this machine reaches a server that listens there. */
export function ownUrl(host: string, port: number): string {
  const name = wildcards.has(host) ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
