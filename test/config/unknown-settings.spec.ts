import { expect, test } from '@jest/globals';
import { unknownSettings } from '../../src/config/unknown-settings.js';

test.each([
  ['MUSTER_ADMIN_PASWORD', 'MUSTER_ADMIN_PASSWORD'],
  ['MUSTER_COMPANY_NAME', 'MUSTER_COMPANY'],
  ['MUSTER_ADMIN_APIKEY', 'MUSTER_ADMIN_API_KEY'],
  ['MUSTER_PORT', 'PORT'],
  ['muster_mail_from', 'MUSTER_MAIL_FROM'],
])('C5: %s is no setting, %s is', (name, nearest) => {
  expect(unknownSettings({ [name]: 'hush' })).toEqual([
    `${name} is no setting and has no effect; the nearest one is ${nearest}`,
  ]);
});

test('C5: real settings, other variables and what Kubernetes sets are nobody’s business', () => {
  const links = {
    MUSTER_SERVICE_HOST: '10.0.0.1',
    MUSTER_PORT: 'tcp://10.0.0.1:80',
    MUSTER_PORT_80_TCP_PORT: '80',
  };
  expect(unknownSettings({ MUSTER_COMPANY: 'x', PATH: '/bin', MUSTERED: 'x', ...links })).toEqual([]);
});
