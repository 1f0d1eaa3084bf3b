import { describe, expect, it } from '@jest/globals';
import { accountOf, accountStream, decode, encode, UnreadableEvent } from '../../src/event-store/codec.js';
import type { RecordedEvent } from '../../src/event-store/event-store.js';
import { as, company, operator, system } from '../support/domain.js';

const ids = () => {
  let next = 0;
  return () => `id-${String(next++)}`;
};
const time = '2024-02-29T08:15:30.123Z';
const place = { account: 'acme', revision: 4, actorRevision: 7, time };

describe('encoding the events of one command', () => {
  const encoded = encode(company, as('ann'), place, ids());

  it('gives each an id of its own and its place in the command', () =>
    expect(
      encoded.map(({ proposed: { id }, record: { metadata } }) => [id, metadata.index, metadata.count]),
    ).toEqual([
      ['id-0', 0, 3],
      ['id-1', 1, 3],
      ['id-2', 2, 3],
    ]));
  it('writes type, data and metadata literally', () => {
    expect(encoded[0]?.proposed).toEqual({
      id: 'id-0',
      type: 'CompanyOpened',
      data: '{"name":"Acme","all_users_group_id":"all-users"}',
      metadata: JSON.stringify(encoded[0]?.record.metadata),
    });
    expect(encoded[0]?.record.metadata).toEqual({
      ...{ v: 1, metadata_v: 2, time, command_id: 'command-1', index: 0, count: 3 },
      ...{
        actor: { kind: 'user', id: 'ann', account: 'acme', revision: 7 },
        credential: { kind: 'password' },
      },
      ...{ via: 'v1', request_id: 'request-1' },
    });
  });
  it.each([
    ['operator', operator],
    ['system', system],
  ])('names the %s as an actor without an account', (id, meta) =>
    expect(encode(company, meta, { ...place, actorRevision: null }, ids())[0]?.record.metadata.actor).toEqual(
      {
        ...{ kind: id, id },
        account: null,
        revision: null,
      },
    ),
  );
});

describe('decoding', () => {
  const metadata = JSON.stringify(encode(company, as('ann'), place, ids())[0]?.record.metadata);
  const record: RecordedEvent = {
    ...{ id: 'id-0', stream: accountStream('acme'), revision: 4, position: '9', metadata },
    ...{ type: 'GroupDeleted', data: '{"group_id":"g"}' },
  };

  it('gives back the event with its account and revision', () =>
    expect(decode(record)).toEqual({
      ...{ id: 'id-0', account: 'acme', revision: 4, metadata: JSON.parse(metadata) as unknown },
      event: { type: 'GroupDeleted', data: { group_id: 'g' } },
    }));
  it.each([
    ['an unknown type', { type: 'GroupPainted' }, 'is of the unknown type GroupPainted; run a version'],
    ['a type that only looks known', { type: 'constructor' }, 'is of the unknown type constructor'],
    ['a newer version', { metadata: metadata.replace('"v":1', '"v":2') }, 'is version 2 of GroupDeleted'],
    ['no version', { metadata: '{}' }, 'is version undefined of GroupDeleted'],
    [
      'metadata of a newer version',
      { metadata: metadata.replace('"metadata_v":2', '"metadata_v":3') },
      'has metadata of version 3, this version of Muster reads up to 2',
    ],
    ['data that are no JSON', { data: '{"group_id' }, 'is damaged'],
    ['data that are no object', { data: '"g"' }, 'is damaged'],
    ['metadata that are no JSON', { metadata: '' }, 'is damaged'],
    ['metadata of nobody', { metadata: '{"v":1}' }, 'is damaged'],
  ])('refuses %s and says where it is', (_, change, says) => {
    const read = () => decode({ ...record, ...change });
    expect(read).toThrow(UnreadableEvent);
    expect(read).toThrow(`event 4 of stream account-acme ${says}`);
  });
  it('knows the account of a stream', () => expect(accountOf(accountStream('a-b'))).toBe('a-b'));
});
