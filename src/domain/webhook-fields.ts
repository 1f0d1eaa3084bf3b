import {
  byName,
  type Fields,
  flag,
  id,
  list,
  record,
  type Shape,
  text,
  textOrNull,
  whole,
  word,
} from './shape.js';
import {
  type ClientGap,
  deliveryOrders,
  exhaustions,
  payloads,
  profiles,
  type SealedHeaders,
  type WebhookFacts,
  type WebhookFilter,
  type WebhookMaker,
} from './webhook-record.js';

const filter: Shape<WebhookFilter> = {
  type: 'object',
  properties: {
    ...{ users: list(id), groups: list(id), roles: list(id), categories: list(text), privileged: flag },
    credential_not: { anyOf: [text, list(text)] },
  },
  additionalProperties: false,
};
const numberOrNull: Shape<number | null> = { type: ['number', 'null'] };

/** The fields of a webhook that its maker has chosen. */
export const factFields = {
  url: text,
  event_types: list(text),
  filter,
  description: text,
  payload: word(payloads),
  order: word(deliveryOrders),
  on_exhausted: word(exhaustions),
  max_per_second: numberOrNull,
  verify_hours: numberOrNull,
  profile: word(profiles),
  batch: whole,
  include_attempts: flag,
  include_clients: flag,
} satisfies Fields<WebhookFacts>;

export const makerField: Shape<WebhookMaker> = record({
  ...{ kind: word(['user', 'operator', 'system']), id: textOrNull, account: textOrNull },
});
export const sealedHeaders: Shape<SealedHeaders> = byName(text);
export const clientGaps: Shape<readonly ClientGap[]> = list(
  record({ client_id: id, from: whole, to: whole }),
);
export const percents: Shape<50 | 70 | 90> = { type: 'integer', enum: [50, 70, 90] };
