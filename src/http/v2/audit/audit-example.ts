import { openExample, sparseExample } from '../../openapi/example-schema.js';
import { v2 } from '../api.js';

/** An entry as it looks. */
export const entryExample = sparseExample({
  revision: 4711,
  time: '2026-03-03T14:02:00.000Z',
  outcome: 'succeeded',
  event: 'MembershipChanged',
  summary: 'Ada Admin changed the membership of Jane Doe in Managers',
  actor: sparseExample({ kind: 'user', id: 'c17db511dbc00421d0a093fc8c236064', name: 'Ada Admin' }),
  credential: sparseExample({
    kind: 'api_key',
    id: '5f2b0cf1f3c4a6f0d1c9d8e7a6b5c4d3',
    name: 'First key',
  }),
  via: v2.via,
  request_id: '0b2c8a0e-6d0c-4b1e-9a52-1f4f6b8f1c11',
  command_id: 'b16c4c0b-7e38-40b6-a705-b5632027838d',
  reason: 'Ticket 812',
  category: 'membership',
  privileged: false,
  subjects: [
    { type: 'group', id: '2e21abc434a5169f9890576ec4d8e333', name: 'Managers' },
    { type: 'user', id: '0932d8270fb840f102d542331f200aca', name: 'Jane Doe' },
  ],
  subjects_total: 2,
  changes: [openExample({ field: 'can_edit', before: false, after: true }, 'before', 'after')],
  caused_by: 1,
  source: { address: '192.0.2.1', user_agent: 'curl/8.5.0' },
});

/** A page of them. */
export const pageExample = sparseExample({ entries: [entryExample], next_cursor: 'WzQ3MTEsNDcxMSwiLi4uIl0' });
