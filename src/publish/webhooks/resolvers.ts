import dns from 'node:dns';

/** An address that a name stands for. */
export interface FoundAddress {
  readonly address: string;
  readonly family: number;
}

/** Finds all addresses of a name. @throws Error with a code of the resolver */
export type Resolve = (host: string) => Promise<readonly FoundAddress[]>;

/** How long a server of names has to answer, in milliseconds, and how often it is asked. */
const TIMEOUT_MS = 2_000;
const TRIES = 2;

/** As the system does it, with names of the machine's own. It blocks one of the four threads that also hash passwords. */
export const bySystem: Resolve = (host) => dns.promises.lookup(host, { all: true, verbatim: true });

/** By the DNS alone. No thread is blocked, and a server that does not answer is given up. */
export async function byDns(host: string): Promise<readonly FoundAddress[]> {
  const resolver = new dns.promises.Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  const found = (family: number) => (addresses: readonly string[]) =>
    addresses.map((address) => ({ address, family }));
  const v4 = resolver.resolve4(host).then(found(4));
  const v6 = resolver.resolve6(host).then(found(6));
  const all = await Promise.all([v4.catch(() => []), v6.catch(() => [])]);
  const addresses = all.flat();
  return addresses.length > 0 ? addresses : v4;
}
