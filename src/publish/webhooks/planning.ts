import { namedIn } from '../../audit/entry/subjects.js';
import type { CloudEvent } from '../../feed/cloud-event.js';
import type { FeedEvent } from '../../feed/recent-events.js';
import type { WebhookFacts } from '../../domain/webhook-record.js';
import type { WantedEvent } from './event-source.js';
import type { Unit } from './unit.js';

const ordered: readonly string[] = ['user', 'group', 'role'];

/** The keys of some events: the users, the groups and the roles that they are about. */
export function keysOf(events: readonly Pick<FeedEvent, 'text'>[]): readonly string[] {
  const ids = events
    .flatMap(({ text }) => namedIn((JSON.parse(text) as CloudEvent).data))
    .filter(({ type }) => ordered.includes(type))
    .map(({ id }) => id);
  return [...new Set(ids)];
}

/**
 * Makes units of events, each as large as a batch may be.
 * @param mark distinguishes deliveries of the same events; empty for the first
 */
export function unitsOf(
  events: readonly WantedEvent[],
  { batch }: Pick<WebhookFacts, 'batch'>,
  planned: number,
  mark = '',
): readonly { readonly unit: Unit; readonly after: string }[] {
  const units = [];
  for (let start = 0; start < events.length; start += batch) {
    const some = events.slice(start, start + batch);
    const [first, last] = [some[0], some.at(-1)];
    if (!first || !last) continue;
    const { account, revision, type } = last.event;
    const unit: Unit = {
      id: `${account}.${revision}${mark}`,
      events: some.map(({ event: one }) => ({ account: one.account, revision: one.revision })),
      type,
      keys: keysOf(some.map(({ event }) => event)),
      before: first.before,
      planned,
    };
    units.push({ unit, after: last.cursor });
  }
  return units;
}
