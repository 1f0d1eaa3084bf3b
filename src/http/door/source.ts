import type { FastifyRequest } from 'fastify';
import type { Source } from '../../audit/attempts/attempt.js';

/**
 * What failed sign-ins are counted by: an IPv4 address, or the /64 network of an IPv6 address,
 * since whoever has one address of it has them all.
 * @param ip as a socket tells it; undefined when it is closed already
 */
export function sourceOf(ip = ''): string {
  if (ip.includes('.')) return ip.slice(ip.lastIndexOf(':') + 1);
  const [head = '', tail] = ip.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0');
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':');
}

/** The most characters of a user agent that are kept. */
const LONGEST_USER_AGENT = 200;

/** Where a request came from. */
export function originOf({ address, headers }: FastifyRequest): Source {
  const agent = headers['user-agent'];
  return { address, user_agent: agent ? agent.slice(0, LONGEST_USER_AGENT) : null };
}

/** An address as people write it: one of IPv4 without what IPv6 puts before it. */
export function plainAddress(ip = ''): string {
  return ip.includes('.') ? ip.slice(ip.lastIndexOf(':') + 1) : ip;
}
