import { expect } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { pause } from '../../support/pause.js';
import { type Received, Receiver, type Reply } from '../../support/receiver.js';
import type { Company } from '../v2/company.js';

export interface Hook {
  readonly id: string;
  readonly secret: string;
}

export interface Delivery {
  readonly id: string;
  readonly event_id: string;
  readonly event_type: string;
  readonly status: string;
  readonly attempts: readonly Record<string, unknown>[];
  readonly next_attempt?: string;
}

/** The webhooks of a company, and receivers for them. */
export class Hooks {
  private receivers: Receiver[] = [];

  constructor(private readonly company: Company) {}

  async receiver(reply?: (request: Received) => Reply): Promise<Receiver> {
    const made = await Receiver.start(reply);
    this.receivers.push(made);
    return made;
  }

  async hook(to: Receiver, facts: object = {}): Promise<Hook> {
    const answer = await this.company.call('POST', '/webhooks', { url: to.url, ...facts });
    expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
    return { id: String(pick(answer, 'id')), secret: String(pick(answer, 'secret')) };
  }

  page({ id }: Hook, query = ''): Promise<Answer> {
    return this.company.call('GET', `/webhooks/${id}/deliveries${query}`);
  }

  /** Asks until the deliveries are as wanted: they are told within a second or so. */
  async deliveries(of: Hook, isEnough: (rows: Delivery[]) => boolean, query = ''): Promise<Delivery[]> {
    for (;;) {
      const rows = (await this.page(of, query)).body as Delivery[];
      if (isEnough(rows)) return rows;
      await pause();
    }
  }

  async clear(): Promise<void> {
    for (const { id } of (await this.company.call('GET', '/webhooks')).body as Hook[])
      await this.company.call('DELETE', `/webhooks/${id}`);
    await Promise.all(this.receivers.map((receiver) => receiver.stop()));
    this.receivers = [];
  }
}
