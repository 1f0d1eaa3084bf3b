/** A prime larger than any number of pairs here: its multiples visit every pair once, in no order an index would like. */
const STRIDE = 1_000_003;

/**
 * A source of requests that each make one new membership, in turn over some accounts; remembers which were acknowledged.
 * Each account has as many users and groups as any other.
 */
export class Memberships {
  #issued = 0;
  #underway = [];
  #acknowledged;

  /** @param accounts list of {client, users, groups}, ids; client undefined: the company itself */
  constructor(directory, accounts) {
    this.directory = directory;
    this.accounts = accounts;
    this.pairs = accounts[0].users.length * accounts[0].groups.length;
    this.#acknowledged = new Uint8Array(this.pairs * accounts.length);
  }

  get acknowledged() {
    return this.#acknowledged.reduce((sum, one) => sum + one, 0);
  }

  /** Undefined when every user is in every group. */
  next(connection) {
    const index = this.#issued;
    if (index >= this.#acknowledged.length) return undefined;
    this.#issued += 1;
    this.#underway[connection] = index;
    return this.requestAt(index);
  }

  answered(connection, status) {
    if (status === 200) this.#acknowledged[this.#underway[connection]] = 1;
  }

  /** The same requests again and again, for a server that does not know what it was told before. */
  endless() {
    let sent = 0;
    return { next: () => this.requestAt(sent++ % this.#acknowledged.length) };
  }

  requestAt(index) {
    const [account, user, group] = this.#pairAt(index);
    const query = account.client === undefined ? '' : `?client_id=${account.client}`;
    return this.directory.put(`/users/${user}/groups/${group}${query}`, { can_edit: true });
  }

  /** @param stored "user group" of every membership in the log @returns how many of the acknowledged are not there */
  missingFrom(stored) {
    let missing = 0;
    for (let index = 0; index < this.#issued; index += 1) {
      const [, user, group] = this.#pairAt(index);
      if (this.#acknowledged[index] === 1 && !stored.has(`${user} ${group}`)) missing += 1;
    }
    return missing;
  }

  /** Members of all groups as the API counts them. */
  async counted() {
    const paths = this.accounts.flatMap(({ client, groups }) =>
      groups.map((group) => `/groups/${group}${client === undefined ? '' : `?client_id=${client}`}`),
    );
    const groups = await this.directory.read(paths);
    return groups.reduce((sum, { num_members }) => sum + num_members, 0);
  }

  #pairAt(index) {
    const account = this.accounts[index % this.accounts.length];
    const place = (Math.floor(index / this.accounts.length) * STRIDE) % this.pairs;
    const { users, groups } = account;
    return [account, users[place % users.length], groups[Math.floor(place / users.length)]];
  }
}
