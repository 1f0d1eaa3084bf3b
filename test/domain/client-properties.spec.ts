import { describe, expect, it } from '@jest/globals';
import { DeleteClientProperty, SetClientProperties } from '../../src/domain/client-properties.js';
import {
  ACME,
  as,
  attempt,
  client,
  clientProperty,
  clientValued,
  company,
  given,
  operator,
  property,
  stateOf,
  user,
} from '../support/domain.js';

const set = (properties: Record<string, string>, client_id = 'globex') =>
  new SetClientProperties(ACME, { client_id, properties }, as('ann'));
const remove = (name: string, client_id = 'globex') =>
  new DeleteClientProperty(ACME, { client_id, name }, as('ann'));
const deleted = (name: string) => ({ type: 'ClientPropertyDeleted', data: { name } }) as const;

describe('SetClientProperties', () => {
  it('T408: a new name exists for all clients, its value is set for this one', () =>
    given(company)
      .when(set({ region: 'Nord', tier: '' }))
      .then(clientProperty('region'), clientProperty('tier'), clientValued('globex', { region: 'Nord' })));
  it('X72: names that are not sent stay, and only what changes is recorded', () =>
    given(
      ...[company, clientProperty('region'), clientProperty('tier')],
      clientValued('globex', { region: 'Nord', tier: '1' }),
    )
      .when(set({ region: 'Nord', tier: '2' }))
      .then(clientValued('globex', { tier: '2' })));
  it('the value of another client is no value of this one', () =>
    given(company, clientProperty('region'), clientValued('initech', { region: 'Nord' }))
      .when(set({ region: 'Nord' }))
      .then(clientValued('globex', { region: 'Nord' })));
  it.each([{}, { region: 'Nord' }, { tier: '' }])('X38: changes nothing with %j', (properties) =>
    given(
      ...[company, clientProperty('region'), clientProperty('tier')],
      clientValued('globex', { region: 'Nord' }),
    )
      .when(set(properties))
      .nothing(),
  );
  it('an empty text takes a value away', () =>
    expect([
      ...(stateOf(
        company,
        clientProperty('region'),
        clientValued('globex', { region: 'Nord' }),
        clientValued('globex', { region: '' }),
      ).clientProperties.get('region') ?? []),
    ]).toEqual([]));
  it('takes __proto__ as a name like others', () => {
    const properties = Object.fromEntries([['__proto__', 'x']]);
    const decision = attempt(set(properties), stateOf(company));
    expect(JSON.stringify(decision)).toBe(
      JSON.stringify([clientProperty('__proto__'), clientValued('globex', properties)]),
    );
  });
  it('names of users are none of clients, and have a limit of their own', () => {
    const many = Array.from({ length: 200 }, (_, n) => property(`p${n}`));
    given(company, many)
      .when(set({ p0: '' }))
      .then(clientProperty('p0'));
    given(company, clientProperty('region'), user('bob')).when(remove('region')).then(deleted('region'));
    expect(stateOf(company, many, clientProperty('p0'), deleted('p0')).userProperties.size).toBe(200);
  });
  it('refuses more than 200 names as a whole', () =>
    given(
      company,
      Array.from({ length: 200 }, (_, n) => clientProperty(`p${n}`)),
    )
      .when(set({ p0: 'x', more: '' }))
      .rejects('quota_exceeded'));
  it('a client account has no clients', () =>
    given(client())
      .when(new SetClientProperties('globex', { client_id: 'x', properties: {} }, operator))
      .rejects('client_not_found'));
});

describe('DeleteClientProperty', () => {
  const history = [
    ...[...company, clientProperty('region'), clientValued('globex', { region: 'a' })],
    clientValued('initech', { region: 'b' }),
  ];

  it('T408: ends it for all clients, whichever is named', () => {
    given(history).when(remove('region', 'other')).then(deleted('region'));
    expect(stateOf(history, deleted('region')).clientProperties.size).toBe(0);
  });
  it('old values do not come back with the name', () =>
    expect([
      ...(stateOf(history, deleted('region'), clientProperty('region')).clientProperties.get('region') ?? []),
    ]).toEqual([]));
  it('X82: refuses a name that does not exist, or no longer', () => {
    given(company).when(remove('region')).rejects('property_not_found');
    given(history, deleted('region')).when(remove('region')).rejects('property_not_found');
  });
  it('a client account has no clients', () =>
    given(client())
      .when(new DeleteClientProperty('globex', { client_id: 'x', name: 'region' }, operator))
      .rejects('client_not_found'));
});

it('a value of a property that does not exist stops the fold', () =>
  expect(() => stateOf(company, clientValued('globex', { region: 'a' }))).toThrow(
    'property that does not exist',
  ));
