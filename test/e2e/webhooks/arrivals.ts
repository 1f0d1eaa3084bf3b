import { expect } from '@jest/globals';
import { type ApiClient, pick } from '../../support/api-client.js';
import { Receiver } from '../../support/receiver.js';

export type Order = 'subject' | 'account' | 'none';

interface Event {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
}

/** A receiver that notes which events it accepted, and in which order. */
export class Arrivals {
  private readonly accepted = new Map<string, number>();
  /** Events that were refused. Each is so once, for its next attempt but one would be minutes later. */
  private readonly refused = new Set<string>();
  /** How many of the next events are refused. */
  refusing = 0;

  private constructor(
    readonly order: Order,
    private readonly receiver: () => Receiver,
  ) {}

  static async begin(order: Order): Promise<Arrivals> {
    const made: { receiver?: Receiver } = {};
    const arrivals: Arrivals = new Arrivals(order, () => {
      if (!made.receiver) throw new Error('The receiver has not begun');
      return made.receiver;
    });
    made.receiver = await Receiver.start(({ headers }) => arrivals.take(String(headers['webhook-id'])));
    return arrivals;
  }

  async hook(client: ApiClient): Promise<void> {
    const body = { url: this.receiver().url, order: this.order, event_types: ['Group*'] };
    const answer = await client.v2()('POST', '/webhooks', body);
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  }

  /** Waits for so many more requests. */
  more(count: number): Promise<void> {
    const wanted = this.receiver().requests.length + count;
    return this.receiver().until(({ requests }) => requests.length >= wanted);
  }

  /** Waits until every event was accepted, and checks that those that have to were so in their order. */
  async whole(events: readonly Event[]): Promise<void> {
    await this.receiver().until(() => events.every(({ id }) => this.accepted.has(id)));
    const queues = new Map<string, string[]>();
    for (const { id, subject } of events) {
      const key = this.order === 'subject' ? subject : this.order === 'account' ? '' : id;
      queues.set(key, [...(queues.get(key) ?? []), id]);
    }
    for (const ids of queues.values()) {
      const turns = ids.map((id) => this.accepted.get(id) ?? -1);
      expect(turns).toEqual(turns.toSorted((a, b) => a - b));
    }
    expect(this.refused.size).toBeGreaterThan(0);
  }

  stop(): Promise<void> {
    return this.receiver().stop();
  }

  private take(id: string): { readonly status: number } {
    if (this.refusing > 0 && !this.refused.has(id)) {
      this.refusing -= 1;
      this.refused.add(id);
      return { status: 500 };
    }
    if (!this.accepted.has(id)) this.accepted.set(id, this.accepted.size);
    return { status: 204 };
  }
}

/** Makes, changes and deletes groups, for as long as the service answers. */
export async function changeGroups(client: ApiClient): Promise<void> {
  const call = client.v2();
  try {
    for (;;) {
      const made = await call('POST', '/groups', { name: 'Group', permissions: [] });
      expect(made.status).toBe(201);
      const id = String(pick(made, 'id'));
      for (const name of ['One', 'Two']) await call('PATCH', `/groups/${id}`, { name });
      await call('DELETE', `/groups/${id}`);
    }
  } catch (error) {
    // fetch says so when the process has gone.
    if (!(error instanceof TypeError)) throw error;
  }
}

/** All events about groups, in the order of the log. */
export async function groupEvents(client: ApiClient): Promise<readonly Event[]> {
  const events: Event[] = [];
  for (let after = ''; ;) {
    const page = await client.v2()('GET', `/events?types=Group*&limit=1000${after}`);
    events.push(...(pick(page, 'events') as Event[]));
    const next = `&after=${String(pick(page, 'next'))}`;
    if (next === after) return events;
    after = next;
  }
}
