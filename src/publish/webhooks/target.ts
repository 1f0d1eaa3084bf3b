import { BlockList, isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Rejection } from '../../domain/rejection.js';

/** Addresses that routers carry, but that belong to the machine that runs the service: Azure's host agent. */
const ofProviders = new BlockList();
ofProviders.addAddress('168.63.129.16');

/** Where webhooks may send. */
export interface TargetRules {
  /** Whether private addresses, and http, are allowed. */
  readonly allowPrivate: boolean;
}

/**
 * Whether an address is one of the open internet: no private, loopback, link-local (the metadata services of clouds among
 * them), shared, multicast, documentation or reserved one, and none that carries another network's addresses in it.
 * An IPv4 address in IPv6 clothes (mapped, or by the well-known prefix of NAT64) is judged as what it is.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv6) {
    if (address.isIPv4MappedAddress()) return isPublicAddress(address.toIPv4Address().toString());
    const [first = 0, second] = address.parts;
    if (first === 0x64 && second === 0xff9b && address.parts.slice(2, 6).every((part) => part === 0))
      return isPublicAddress(new ipaddr.IPv4(address.toByteArray().slice(-4)).toString());
    // Nothing else is given to anybody yet.
    return first >> 13 === 1 && address.range() === 'unicast';
  }
  return address.range() === 'unicast' && !ofProviders.check(address.toString());
}

/** The host of an address as it is looked up: an IPv6 address without brackets, a name without a dot at its end. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

/** Names that every machine has for itself, whatever a resolver says. */
const ownNames = /(^|\.)(localhost|localdomain)$/i;
/** Where web servers are. Another port below 1024 is that of another protocol. */
const webPorts = ['', '80', '443'];

/**
 * Judges an address by what it says, before its name is looked up.
 * @throws Rejection bad_request, private_target
 */
export function judgeUrl(url: URL, { allowPrivate }: TargetRules): void {
  if (allowPrivate) return;
  if (url.protocol !== 'https:') throw new Rejection('bad_request', 'url must begin with https://');
  if (!webPorts.includes(url.port) && Number(url.port) < 1024)
    throw new Rejection('bad_request', 'The port in url must be 80, 443 or one from 1024');
  const host = hostOf(url);
  const isRefused = isIP(host) === 0 ? ownNames.test(host) : !isPublicAddress(host);
  if (isRefused) throw new Rejection('private_target');
}
