import { describe, expect, it } from '@jest/globals';
import { adminRole, builtInRoles } from '../../src/domain/built-in-roles.js';
import { permissionCatalogue } from '../../src/domain/permissions.js';
import { client, company, stateOf } from '../support/domain.js';

const named = (name: string) => builtInRoles.find((role) => role.name === name)?.permissions ?? [];
const catalogue: readonly string[] = permissionCatalogue;
const reserved = catalogue.filter(
  (name) => /^(user|admin|audit|client)\./.test(name) || name === 'group.view' || name === 'account.usage',
);

describe('the built-in roles', () => {
  it('are Admin, Editor and View-Only', () =>
    expect(builtInRoles.map(({ name }) => name)).toEqual(['Admin', 'Editor', 'View-Only']));
  it('exist under the same fixed ids in every account, before anything happened in it', () => {
    for (const state of [stateOf(), stateOf(company), stateOf(client())])
      expect([...state.roles.values()]).toEqual(builtInRoles);
    expect(builtInRoles.map(({ id }) => id)).toEqual([
      'a0000000000000000000000000000001',
      'a0000000000000000000000000000002',
      'a0000000000000000000000000000003',
    ]);
  });
  it('Admin is listed as the one permission *', () => expect(adminRole.permissions).toEqual(['*']));
  it.each(['Editor', 'View-Only'])(
    'X62, X99: %s holds none of user.*, group.view, account.usage, admin.*, audit.*, client.*',
    (name) => {
      expect(reserved.length).toBeGreaterThan(15);
      expect(named(name).filter((permission) => reserved.includes(permission))).toEqual([]);
      expect(named(name)).not.toContain('account.settings');
    },
  );
  it.each(['Editor', 'View-Only'])('%s holds names of the catalogue only, each once', (name) => {
    expect(named(name).filter((permission) => !catalogue.includes(permission))).toEqual([]);
    expect(new Set(named(name)).size).toBe(named(name).length);
  });
  it('1.1: each may make an own API key', () => {
    expect(named('Editor')).toContain('account.api_key');
    expect(named('View-Only')).toContain('account.api_key');
  });
  it('View-Only holds less than Editor and cannot change anything', () => {
    expect(named('Editor')).toEqual(expect.arrayContaining([...named('View-Only')]));
    expect(
      named('View-Only').filter((name) => /\.(edit|delete|build|create|import|share)$/.test(name)),
    ).toEqual([]);
  });
});
