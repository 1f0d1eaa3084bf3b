import type { CloudEvent } from '../../../feed/cloud-event.js';
import { openExample } from '../../openapi/example-schema.js';

const account = 'c533ba4f07fb86a64d69648689f6a0d7';
/** An event, as the document shows it. */
export const exampleEvent: CloudEvent = openExample(
  {
    specversion: '1.0' as const,
    id: `${account}/4711`,
    source: `/accounts/${account}`,
    type: 'UserAddedToGroup',
    subject: 'groups/2e21abc434a5169f9890576ec4d8e333',
    time: '2026-03-03T14:02:00.000Z',
    datacontenttype: 'application/json' as const,
    dataschema: 'https://muster.example.com/api/v2/event-types/UserAddedToGroup/1',
    sequence: '0000000000004711',
    authtype: 'app_user' as const,
    authid: 'c17db511dbc00421d0a093fc8c236064',
    credentialid: '5f2b0cf1f3c4a6f0d1c9d8e7a6b5c4d3',
    correlationid: 'b16c4c0b-7e38-40b6-a705-b5632027838d',
    causationid: `${account}/4700`,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    data: {
      ...{ user_id: '0932d8270fb840f102d542331f200aca', group_id: '2e21abc434a5169f9890576ec4d8e333' },
      can_edit: false,
    },
  },
  'data',
);

/** The beginning of a stream, as the document shows it. */
export const exampleStream = [
  ...[':', ''],
  ...['id: 4711', `event: ${exampleEvent.type}`, `data: ${JSON.stringify(exampleEvent)}`, ''],
  ...['id: 4790', 'event: position', 'data: {"cursor":4790}', '', ''],
].join('\n');
