import { expect } from '@jest/globals';
import { adminKey, type Answer, idOf, operatorKey, pick } from '../../support/api-client.js';
import { type RunningApp } from '../../support/app.js';

export const adminRole = 'a0000000000000000000000000000001';
export const editorRole = 'a0000000000000000000000000000002';
export const viewOnlyRole = 'a0000000000000000000000000000003';

/** A user and an API key that acts for the user. */
export interface Person {
  readonly id: string;
  readonly key: string;
}

let made = 0;

/** A company and what is in it, all of it made over HTTP. `clientId` names a client account of it instead. */
export class Company {
  constructor(
    readonly app: RunningApp,
    readonly id: string,
    readonly admin: Person,
  ) {}

  /** The company that the service opened at its start. */
  static async first(app: RunningApp): Promise<Company> {
    const id = String(pick(await app.v2()('GET', '/account'), 'id'));
    const adminId = String(pick(await app.v2()('GET', '/account'), 'contacts', 'super_admin'));
    return new Company(app, id, { id: adminId, key: adminKey });
  }

  /** One more company, opened by the operator. */
  static async open(app: RunningApp, facts: object = {}): Promise<Company> {
    const admin = { first_name: 'Ann', last_name: 'Archer', email: address(), ...facts };
    const answer = await app.v2(operatorKey)('POST', '/companies', { name: 'Other Ltd', admin });
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    const [id, adminId, key] = ['id', 'admin_user_id', 'api_key'].map((name) => String(pick(answer, name)));
    return new Company(app, id ?? '', { id: adminId ?? '', key: key ?? '' });
  }

  /** Sends a request of the admin, or of somebody else. */
  call(method: string, path: string, body?: unknown, key = this.admin.key): Promise<Answer> {
    return this.app.v2(key)(method, path, body);
  }

  async client(facts: object = {}): Promise<string> {
    return idOf(await this.v1('POST', '/clients', { name: 'Client', ...facts }));
  }

  async role(permissions: readonly string[], clientId?: string): Promise<string> {
    return idOf(await this.v1('POST', '/roles', { name: 'Role', permissions, ...scope(clientId) }));
  }

  /** A user with the View-Only role, unless other roles are named. */
  async user(facts: object = {}, clientId?: string): Promise<string> {
    const body = { first_name: 'Joe', last_name: 'Doe', email: address(), roles: [viewOnlyRole], ...facts };
    return idOf(await this.v1('POST', '/users', { ...body, ...scope(clientId) }));
  }

  async key(userId: string, clientId?: string): Promise<string> {
    const query = clientId === undefined ? '' : `?client_id=${clientId}`;
    const answer = await this.call('POST', `/users/${userId}/keys${query}`, {});
    expect(answer.status).toBe(201);
    return String(pick(answer, 'key'));
  }

  /** A user who holds just these permissions, by a role of their own. */
  async personWith(...permissions: string[]): Promise<Person> {
    const id = await this.user({ roles: [await this.role(permissions)] });
    return { id, key: await this.key(id) };
  }

  /** A group, with the permissions given. */
  async group(permissions: readonly string[] = [], clientId?: string): Promise<string> {
    const query = clientId === undefined ? '' : `?client_id=${clientId}`;
    const answer = await this.call('POST', `/groups${query}`, { name: 'Group', permissions });
    expect(answer.status).toBe(201);
    return String(pick(answer, 'id'));
  }

  /** Shares a client with everybody in the company. */
  async share(clientId: string, can_manage: boolean): Promise<void> {
    const groups = [{ group_id: await this.allUsersGroup(), can_manage }];
    const answer = await this.app.v1(this.admin.key)('PUT', `/clients/${clientId}/share-rights`, { groups });
    expect(answer.status).toBe(200);
  }

  async allUsersGroup(): Promise<string> {
    return String(pick(await this.call('GET', '/groups'), 0, 'id'));
  }

  /** `<account>@<revision>`: the same before and after what wrote nothing. */
  async revision(): Promise<string | null> {
    const answer = await this.call('GET', '/account');
    expect(answer.status).toBe(200);
    return answer.headers.get('muster-revision');
  }

  private async v1(method: string, path: string, body: unknown): Promise<Answer> {
    const answer = await this.app.v1(this.admin.key)(method, path, body);
    expect(answer.status).toBe(201);
    return answer;
  }
}

/** An e-mail address that nobody else has. */
export function address(): string {
  made += 1;
  return `person-${made}@example.com`;
}

/** Asserts a refusal in the form that v2 promises. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, code: pick(answer, 'code') }).toEqual({ status, code });
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.body).toEqual({
    ...{ type: 'about:blank', status, code },
    ...{ title: expect.stringMatching(/\w/), detail: expect.stringMatching(/\w/) },
  });
}

/** Asserts that a request is refused and writes nothing in the company. */
export async function expectRefusal(
  company: Company,
  request: () => Promise<Answer>,
  status: number,
  code: string,
): Promise<Answer> {
  const before = await company.revision();
  const answer = await request();
  expectProblem(answer, status, code);
  expect(await company.revision()).toBe(before);
  return answer;
}

function scope(clientId: string | undefined): object {
  return clientId === undefined ? {} : { client_id: clientId };
}
