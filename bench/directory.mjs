import { bodyOf, request, requestAll } from './load.mjs';

const v1 = '/api/1.0';
/** The built-in role that may do least. */
const VIEW_ONLY = 'a0000000000000000000000000000003';

/** Fills a fresh service over its own API, and makes the requests of the scenarios. */
export class Directory {
  constructor(port, apiKey) {
    this.port = port;
    this.headers = `kf-api-key: ${apiKey}\r\n`;
  }

  get(path) {
    return request('GET', v1 + path, this.headers);
  }

  put(path, body) {
    return request('PUT', v1 + path, this.headers, JSON.stringify(body));
  }

  /** The ids of new clients; each of them a way to pass `accounts` to the methods below. */
  clients(count) {
    return this.#create('/clients', count, (index) => ({ name: `Client ${index}` }));
  }

  /** @param client id of the client account; undefined: the company itself */
  users(count, client) {
    return this.#create(`/users`, count, (index) => ({
      ...{
        first_name: 'Jane',
        last_name: `Doe ${index}`,
        email: `jane.${index}@${client ?? 'company'}.example`,
      },
      ...{ roles: [VIEW_ONLY], client_id: client },
    }));
  }

  groups(count, client) {
    return this.#create('/groups', count, (index) => ({
      ...{ name: `Group ${index}`, description: 'Made by the benchmark', client_id: client },
    }));
  }

  /** A role without permissions, held by these users. */
  async role(users) {
    const [role] = await this.#create('/roles', 1, () => ({
      name: 'Reader',
      description: '',
      permissions: [],
    }));
    await requestAll(
      this.port,
      users.map((user) => this.put(`/roles/${role}/users/${user}`, {})),
    );
    return role;
  }

  /** The data of what is at these paths. */
  async read(paths) {
    const answers = await requestAll(
      this.port,
      paths.map((path) => this.get(path)),
    );
    return answers.map((answer) => JSON.parse(bodyOf(answer)).data);
  }

  async #create(path, count, bodyAt) {
    const answers = await requestAll(
      this.port,
      Array.from({ length: count }, (_, index) =>
        request('POST', v1 + path, this.headers, JSON.stringify(bodyAt(index))),
      ),
    );
    return answers.map((answer) => JSON.parse(bodyOf(answer)).meta.location.split('/').at(-1));
  }
}
