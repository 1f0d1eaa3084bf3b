/** From version 25.0 on EventStoreDB is called KurrentDB and has schemes of its own, which mean the same. */
const scheme = /^(?:esdb|kurrentdb|kurrent|kdb)(?=(?:\+discover)?:\/\/)/;

export function isServerAddress(text: string): boolean {
  return scheme.test(text);
}

/** The same address by the one name of the scheme that the client knows. */
export function asEsdb(address: string): string {
  return address.replace(scheme, 'esdb');
}
