import type { Attempt } from '../../src/audit/attempts/attempt.js';

/** Something that was tried, with some facts other than by default. */
export function attempt(facts: Partial<Attempt> = {}): Attempt {
  return {
    ...{
      id: '0195f0d2b1e800000123456789abcdef',
      time: '2026-03-03T14:02:00.000Z',
      at: 41,
      outcome: 'refused',
    },
    ...{ event: null, revision: null, route: 'PUT /api/1.0/groups/{id}', status: 403, code: 'access_denied' },
    ...{ actor: { kind: 'user', id: 'jane', name: 'Jane Doe' }, claimed: null, credential: null },
    ...{ subjects: [{ type: 'group', id: 'g1', name: 'Managers' }], repeated: 0, request_id: 'r1' },
    ...{ source: { address: '192.0.2.1', user_agent: 'curl/8.5.0' } },
    ...facts,
  };
}
