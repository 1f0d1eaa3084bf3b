import { expect, test } from '@jest/globals';
import { eventCatalogue } from '../../src/domain/event-catalogue.js';
import { decode } from '../../src/event-store/codec.js';
import { nameOf, RightsChanges } from '../../src/feed/rights-changes.js';
import { recordIn } from '../support/golden.js';

const happened = (type: string) => decode(recordIn(`${type}.v1.json`));

/** Whether an event concerns somebody who is one of its users, or only has the account in common with them. */
function concerns(type: string): { user: boolean; others: boolean } {
  const changes = new RightsChanges();
  const record = happened(type);
  const user_id = String(Reflect.get(record.event.data, 'user_id'));
  const { account } = record;
  const [user, others] = [
    [account, nameOf({ user_id, account })],
    [account, nameOf({ user_id: 'other', account })],
  ].map((concerned) => [changes.last(concerned), concerned] as const);
  changes.take(record);
  return {
    user: changes.last(user?.[1] ?? []) !== user?.[0],
    others: changes.last(others?.[1] ?? []) !== others?.[0],
  };
}

test.each([
  'UserAddedToGroup',
  'UserRemovedFromGroup',
  'UserRemovedFromRole',
  'UserDeleted',
  'ApiKeyRevoked',
])('%s concerns the rights of its user alone', (type) => {
  expect(concerns(type)).toEqual({ user: true, others: false });
});

test.each([
  'GroupDeleted',
  'RoleDeleted',
  'RolePermissionsReplaced',
  'GroupPermissionsReplaced',
  'ClientClosed',
])('%s may concern the rights of everybody in the account', (type) => {
  expect(concerns(type)).toEqual({ user: true, others: true });
});

test.each(['UserRenamed', 'GroupCreated', 'UserSignedIn'].filter((type) => type in eventCatalogue))(
  '%s takes no rights away',
  (type) => {
    expect(concerns(type)).toEqual({ user: false, others: false });
  },
);
