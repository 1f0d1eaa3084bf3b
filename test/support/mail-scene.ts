import { afterEach, beforeEach } from '@jest/globals';
import type { EventStore } from '../../src/event-store/event-store.js';
import { MemoryEventStore } from '../../src/event-store/memory.event-store.js';
import { Mailbox } from './mailbox.js';
import { MailingInstance, MailRequests, StandingClock } from './mailing.js';

/** What the SMTP server offers. */
type ServerOptions = Parameters<typeof Mailbox.start>[0];
type Options = Parameters<typeof MailingInstance.start>[2] & { readonly on?: EventStore };

interface Parts {
  readonly store: MemoryEventStore;
  readonly clock: StandingClock;
  readonly acme: MailRequests;
}

/** A log that several may write, an SMTP server and the instances on them: anew for each test of a file. */
export class MailScene {
  private parts: Parts | undefined;
  private box: Mailbox | undefined;
  private running: MailingInstance[] = [];

  private constructor(private readonly server: ServerOptions) {}

  static forEachTest(server: ServerOptions = {}): MailScene {
    const scene = new MailScene(server);
    beforeEach(() => scene.set());
    afterEach(() => scene.clear());
    return scene;
  }

  get store(): MemoryEventStore {
    return this.known(this.parts).store;
  }
  get clock(): StandingClock {
    return this.known(this.parts).clock;
  }
  /** The account that is there from the start. */
  get acme(): MailRequests {
    return this.known(this.parts).acme;
  }
  get mailbox(): Mailbox {
    return this.known(this.box);
  }

  async start({ on = this.store, ...options }: Options = {}): Promise<MailingInstance> {
    const mailing = await MailingInstance.start(on, this.mailbox.url, { clock: this.clock, ...options });
    this.running.push(mailing);
    return mailing;
  }

  async stop(mailing: MailingInstance): Promise<void> {
    this.running = this.running.filter((one) => one !== mailing);
    await mailing.stop();
  }

  /** Opens the SMTP server again, at the same address. */
  async reopenMailbox(): Promise<void> {
    this.box = await Mailbox.start(this.server, this.mailbox.port);
  }

  private async set(): Promise<void> {
    const store = new MemoryEventStore(false);
    this.parts = { store, clock: new StandingClock(), acme: await MailRequests.open(store) };
    this.box = await Mailbox.start(this.server);
  }

  private async clear(): Promise<void> {
    await Promise.all(this.running.map((one) => one.stop()));
    this.running = [];
    await this.mailbox.stop();
  }

  private known<Part>(part: Part | undefined): Part {
    if (part === undefined) throw new Error('There is no scene outside a test');
    return part;
  }
}
