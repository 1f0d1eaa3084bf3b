/** Since version 25.0 EventStoreDB is called KurrentDB. It has schemes of its own, which mean the same. */
const scheme = /^(?:esdb|kurrentdb|kurrent|kdb)(?=(?:\+discover)?:\/\/)/;

export function isServerAddress(text: string): boolean {
  return scheme.test(text);
}

/** The same address with the one scheme that the client knows. */
export function asEsdb(address: string): string {
  return address.replace(scheme, 'esdb');
}
