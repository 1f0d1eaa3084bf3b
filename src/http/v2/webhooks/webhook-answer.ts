import type { Progress } from '../../../publish/webhooks/webhook-progress.js';
import type { WebhookView } from '../../../read/webhooks.js';
import {
  eitherExample,
  mapExample,
  openExample,
  shapedExample,
  sparseExample,
} from '../../openapi/example-schema.js';
import { KEEP } from '../../wire/fields/webhook.js';

const maker = sparseExample(
  { kind: 'user', id: '2d0de79423d98a712a700f06b333e1d3', name: 'Jane Roe' },
  ...(['id'] as const),
);
const account = '5f0c6b1e2d3a4958a7b6c5d4e3f20112';

/** What an answer has at times, or what is null or empty in the example. */
const more = {
  filter: openExample(
    {
      ...{ users: [maker.id], groups: [account], roles: [account], categories: ['membership'] },
      ...{ privileged: true, credential_not: account },
    },
    'credential_not',
  ),
  ...{ headers: mapExample({ Authorization: KEEP }), max_per_second: 0.5, verify_hours: 24 },
  disabled_gap: eitherExample({ from: 4711, to: 4730 }, [
    sparseExample({ client_id: account, from: 4711, to: 4730 }, 'client_id'),
  ]),
  disabled_reason: 'exhausted',
  last_errors: [
    sparseExample(
      {
        time: '2026-03-03T14:02:00.000Z',
        event_id: `${account}/4711`,
        status_code: 500,
        error: 'status_500',
      },
      'status_code',
    ),
  ],
};

/** @param own what the answer of one route alone has, or says otherwise */
export function webhookExample(own: object = {}): object {
  const example = {
    id: '7d1b3a90c25e4f6881f0a7b6c5d4e3f2',
    url: 'https://hooks.example.com/muster',
    event_types: ['*'],
    filter: {},
    description: '',
    payload: 'full',
    order: 'subject',
    on_exhausted: 'disable',
    headers: mapExample({ Authorization: KEEP }),
    max_per_second: null,
    verify_hours: null,
    profile: 'cloudevents',
    batch: 1,
    include_attempts: false,
    include_clients: false,
    created_by: maker,
    public_key_url: 'https://muster.example.com/api/v2/webhooks/7d1b3a90c25e4f6881f0a7b6c5d4e3f2/keys',
    disabled_gap: null,
    status: 'active',
    created: '2026-01-31T08:15:00.000Z',
    behind: { events: 0, seconds: 0 },
    last_errors: [],
    ...own,
  };
  return sparseExample(shapedExample(example, more), 'behind');
}

const makers = { user: '', operator: 'Operator', system: 'System' } as const;

/**
 * A webhook as the API shows it: no secret, and no value of a header.
 * @param progress null for a past moment
 * @param base address of the service, without a slash at the end
 */
export function webhookAnswer(webhook: WebhookView, progress: Progress | null, base: string): object {
  const { id, url, event_types, filter, description, payload, order, on_exhausted } = webhook;
  const { max_per_second, verify_hours, profile, batch, include_attempts, include_clients } = webhook;
  const { created_by, maker, status, disabled_reason, created, header_names } = webhook;
  return {
    ...{ id, url, event_types, filter, description, payload, order, on_exhausted },
    headers: Object.fromEntries(header_names.map((name) => [name, KEEP])),
    ...{ max_per_second, verify_hours, profile, batch, include_attempts, include_clients },
    created_by: { kind: created_by.kind, id: created_by.id, name: maker ?? makers[created_by.kind] },
    public_key_url: `${base}/api/v2/webhooks/${id}/keys`,
    ...{ disabled_gap: gapOf(webhook), status },
    ...(disabled_reason === null ? {} : { disabled_reason }),
    ...{ created, behind: progress?.behind ?? null, last_errors: progress?.last_errors ?? [] },
  };
}

/** One gap; with the events of clients a list of them, which name the client but for the company's own. */
function gapOf({ disabled_gap, include_clients }: WebhookView): object | null {
  if (!disabled_gap) return null;
  const { from, to, clients } = disabled_gap;
  return include_clients ? [{ client_id: null, from, to }, ...clients] : { from, to };
}
