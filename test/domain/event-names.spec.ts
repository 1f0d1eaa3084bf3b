import { describe, expect, it } from '@jest/globals';
import { eventCatalogue } from '../../src/domain/event-catalogue.js';
import { eventNames, eventNamesIn, isEventPattern } from '../../src/domain/event-names.js';

describe('A pattern of event names', () => {
  it('is a name, or the beginning of one with * for the rest; * alone is all', () => {
    expect(eventNamesIn(['GroupCreated'])).toEqual(['GroupCreated']);
    expect(eventNamesIn(['RoleC*', ' RoleDel* '])).toEqual(['RoleCreated', 'RoleDeleted']);
    expect(eventNamesIn(['*'])).toEqual(eventNames);
    expect(eventNames).toEqual(expect.arrayContaining(Object.keys(eventCatalogue)));
  });

  it('means each name once, however many patterns mean it', () => {
    expect(eventNamesIn(['RoleCreated', 'RoleC*', 'RoleCreated'])).toEqual(['RoleCreated']);
  });

  it('means what only webhooks carry by its name, too', () => {
    expect(eventNamesIn(['WebhookT*', 'WebhookVerified'])).toEqual(['WebhookTest', 'WebhookVerified']);
  });

  it.each([
    '',
    'groupCreated',
    'Nothing*',
    '*Created',
    'Group*d',
    '**',
    'User*Created',
    'toString',
    'GroupCreated*x',
  ])('%j means nothing and is refused', (pattern) => {
    expect(isEventPattern(pattern)).toBe(false);
    expect(() => eventNamesIn(['GroupCreated', pattern])).toThrow(
      expect.objectContaining({
        code: 'bad_request',
        message: expect.stringContaining('/api/v2/event-types'),
      }),
    );
  });
});
