import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  deliveryOrders,
  exhaustions,
  factNames,
  payloads,
  profiles,
  type WebhookFacts,
  type WebhookFilter,
} from '../../domain/webhook-record.js';
import { webhookUrlRule } from '../../domain/webhook-rules.js';
import { ClientChoice } from './client-choice.js';
import { field } from './fields/field.js';
import { MayBeAbsent } from './fields/presence.js';
import { IsDescription, keeps } from './fields/text.js';
import {
  IsEventTypeList,
  IsHeaderMap,
  IsTrueOrFalse,
  IsWebhookFilter,
  IsWithin,
  IsWord,
} from './fields/webhook.js';

const IsWebhookUrl = () =>
  field('isWebhookUrl', webhookUrlRule.requirement, keeps(webhookUrlRule), {
    type: String,
    format: 'uri',
    maxLength: 2048,
    example: 'https://hooks.example.com/muster',
  });

/** What both bodies have. */
class Facts extends ClientChoice {
  @ApiPropertyOptional({ description: 'Names of events; an empty list means all' })
  @MayBeAbsent()
  @IsEventTypeList()
  event_types?: string[];

  @ApiPropertyOptional({ description: 'Fields are combined by and, the values of one by or' })
  @MayBeAbsent()
  @IsWebhookFilter()
  filter?: WebhookFilter | null;

  @ApiPropertyOptional()
  @MayBeAbsent()
  @IsDescription()
  description?: string | null;

  @ApiPropertyOptional({ default: 'full' })
  @MayBeAbsent()
  @IsWord(payloads)
  payload?: WebhookFacts['payload'];

  @ApiPropertyOptional({ default: 'subject' })
  @MayBeAbsent()
  @IsWord(deliveryOrders)
  order?: WebhookFacts['order'];

  @ApiPropertyOptional({ default: 'disable' })
  @MayBeAbsent()
  @IsWord(exhaustions)
  on_exhausted?: WebhookFacts['on_exhausted'];

  @ApiPropertyOptional({ description: 'Values are never shown again' })
  @MayBeAbsent()
  @IsHeaderMap()
  headers?: Record<string, string> | null;

  @ApiPropertyOptional()
  @MayBeAbsent()
  @IsWithin(0.1, 1000, { isWhole: false, mayBeNull: true })
  max_per_second?: number | null;

  @ApiPropertyOptional()
  @MayBeAbsent()
  @IsWithin(1, 720, { mayBeNull: true })
  verify_hours?: number | null;

  @ApiPropertyOptional({ default: 'cloudevents' })
  @MayBeAbsent()
  @IsWord(profiles)
  profile?: WebhookFacts['profile'];

  @ApiPropertyOptional({ default: 1 })
  @MayBeAbsent()
  @IsWithin(1, 1000)
  batch?: number;

  @ApiPropertyOptional({ default: false })
  @MayBeAbsent()
  @IsTrueOrFalse()
  include_attempts?: boolean;

  @ApiPropertyOptional({ default: false })
  @MayBeAbsent()
  @IsTrueOrFalse()
  include_clients?: boolean;
}

/** What is tried out before there is a webhook. */
export class CheckWebhookBody extends ClientChoice {
  @ApiProperty()
  @IsWebhookUrl()
  url!: string;

  @ApiPropertyOptional({ description: 'They are sent, and kept nowhere' })
  @MayBeAbsent()
  @IsHeaderMap()
  headers?: Record<string, string> | null;

  @ApiPropertyOptional({ default: 'cloudevents' })
  @MayBeAbsent()
  @IsWord(profiles)
  profile?: WebhookFacts['profile'];
}

export class CreateWebhookBody extends Facts {
  @ApiProperty()
  @IsWebhookUrl()
  url!: string;

  /** What is recorded, with the defaults for what was not sent. */
  facts(): WebhookFacts {
    return {
      ...{ url: this.url, event_types: ['*'], filter: {}, description: '', payload: 'full' },
      ...{ order: 'subject', on_exhausted: 'disable', max_per_second: null, verify_hours: null },
      ...{ profile: 'cloudevents', batch: 1, include_attempts: false, include_clients: false },
      ...sentFacts(this),
    };
  }
}

export class ChangeWebhookBody extends Facts {
  @ApiPropertyOptional()
  @MayBeAbsent()
  @IsWebhookUrl()
  url?: string;

  @ApiPropertyOptional({ description: 'Enabled again, it goes on from then' })
  @MayBeAbsent()
  @IsWord(['active', 'disabled'])
  status?: 'active' | 'disabled';

  facts(): Partial<WebhookFacts> {
    return sentFacts(this);
  }
}

/** What was sent, in one form: null is what it means, lists that say nothing say all. */
function sentFacts(body: Facts & { readonly url?: string }): Partial<WebhookFacts> {
  const sent = Object.fromEntries(
    factNames.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
  ) as Partial<WebhookFacts>;
  const { event_types, filter, description } = body;
  return {
    ...sent,
    ...(event_types && (event_types.length === 0 || event_types.includes('*')) ? { event_types: ['*'] } : {}),
    ...(filter === undefined ? {} : { filter: filterIn(filter ?? {}) }),
    ...(description === null ? { description: '' } : {}),
  };
}

/** The fields of a filter in one order, without empty lists: those let everything through. */
function filterIn({
  users,
  groups,
  roles,
  categories,
  privileged,
  credential_not,
}: WebhookFilter): WebhookFilter {
  const all = { users, groups, roles, categories, privileged, credential_not };
  const isThere = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(all).filter(([, value]) => isThere(value)));
}
