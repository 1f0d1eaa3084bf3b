import { expect, test } from '@jest/globals';
import { isAbout } from '../../../src/publish/webhooks/account-source.js';

test('a webhook is not sent events about itself, nor that a mail about it is to go out', () => {
  const about = (type: string, data: object) =>
    isAbout({ account: 'acme', revision: 1, type, text: JSON.stringify({ data }) }, 'mine');
  expect(about('WebhookWarned', { webhook_id: 'mine' })).toBe(true);
  expect(about('WebhookWarned', { webhook_id: 'other' })).toBe(false);
  expect(about('MailRequested', { about: { webhook_id: 'mine' } })).toBe(true);
  expect(about('MailRequested', { about: { webhook_id: 'other' } })).toBe(false);
  expect(about('MailRequested', { about: null })).toBe(false);
  expect(about('GroupCreated', { webhook_id: 'mine' })).toBe(false);
});
