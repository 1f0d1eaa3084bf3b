import { expect } from '@jest/globals';
import { Execute } from '../../src/application/execute.js';
import { Clock } from '../../src/application/clock.js';
import type { DomainEvent } from '../../src/domain/aggregates.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { Mailer, type MailerLimits } from '../../src/publish/mailer.js';
import type { MailTransport } from '../../src/publish/mail-transport.js';
import { PublicAddress } from '../../src/application/public-address.js';
import { PasswordLink } from '../../src/publish/password-link.js';
import { SmtpTransport } from '../../src/publish/smtp-transport.js';
import { CommandsFor } from './commands.js';
import { executeOn, recordsOf, runAll } from './execute.js';
import { Instance, until } from './views.js';

/** A clock that stands until it is moved. */
export class StandingClock extends Clock {
  private time = Date.now();

  override now(): number {
    return this.time;
  }

  forward(milliseconds: number): void {
    this.time += milliseconds;
  }
}

const from = { name: 'Muster', address: 'no-reply@muster.example' };
const passwordUrl = 'https://muster.example/#{token}';

/** An instance that looks for mails every few milliseconds, by a clock of the test's. */
export class MailingInstance {
  readonly counted: string[] = [];
  isReady = true;
  private ending: () => Promise<void> = () => Promise.resolve();

  private constructor(
    readonly instance: Instance,
    readonly execute: Execute,
    readonly clock: StandingClock,
  ) {}

  /** @param to the address of an SMTP server, or another transport */
  static async start(
    store: EventStore,
    to: string | MailTransport,
    { clock = new StandingClock(), isReady = true, ...limits }: Options = {},
  ): Promise<MailingInstance> {
    const instance = await Instance.start(store);
    const { views, projector } = instance;
    // Whoever waits for a log that is out of reach hears so before long.
    const patience = { patienceMs: 1_000, cachedEvents: 1_000_000 };
    const project: ConstructorParameters<typeof Execute>[1] = (id, records) => projector.apply(id, records);
    const now = () => new Date(clock.now());
    const execute = new Execute(store, project, views.tree, undefined, now, patience);
    const mailing = new MailingInstance(instance, execute, clock);
    mailing.isReady = isReady;
    const transport = typeof to === 'string' ? new SmtpTransport(to, 4) : to;
    const lifecycle = {
      get isReady() {
        return mailing.isReady;
      },
      beforeClose: (end: () => Promise<void>) => (mailing.ending = end),
    };
    const address = new PublicAddress({ host: '127.0.0.1', publicUrl: undefined }, () => 3000);
    const mailer = new Mailer(
      {
        ...{ commands: execute, views, projector, transport, clock, from, lifecycle },
        link: new PasswordLink(address, passwordUrl),
        isAlone: store.soleWriter,
        metrics: { count: (kind, outcome) => mailing.counted.push(`${kind} ${outcome}`) },
      },
      { pauseMs: 2, restMs: 10, retryMs: 2, stopPatienceMs: 20, ...limits },
    );
    mailer.onApplicationBootstrap();
    return mailing;
  }

  /** Waits until what became of its attempts is this. */
  async hasCounted(outcomes: readonly string[]): Promise<void> {
    await until(() => this.counted.length >= outcomes.length);
    expect(this.counted).toEqual(outcomes);
  }

  /** How many mails are still to be sent, as this instance sees it. */
  get pending(): number {
    return this.instance.views.mails.count();
  }

  async stop(): Promise<void> {
    await this.ending();
    await this.execute.close();
    await this.instance.stop();
  }
}

type Options = Partial<MailerLimits> & { clock?: StandingClock; isReady?: boolean };

/** Asks for mails in an account of a log, by whatever instance. */
export class MailRequests {
  readonly commands: CommandsFor;
  private readonly writer: Execute;

  constructor(
    private readonly store: EventStore,
    account: string,
  ) {
    this.commands = new CommandsFor(account);
    this.writer = executeOn(store);
  }

  static async open(store: EventStore, account = 'acme', name = 'Acme'): Promise<MailRequests> {
    const requests = new MailRequests(store, account);
    await requests.run(requests.commands.open(name));
    return requests;
  }

  /** Creates users and asks for a mail to each; user `u1` is Dulcinea, `u1@x.example`, and gets the mail `u1-mail`. */
  async mailTo(...users: readonly string[]): Promise<void> {
    const { commands, writer } = this;
    await Promise.all(
      users.map((user) =>
        runAll(
          writer,
          commands.createUser(user, { first_name: 'Dulcinea', email: `${user}@x.example` }),
          commands.requestMail(user, `${user}-mail`),
        ),
      ),
    );
  }

  run(...commands: Parameters<Execute['run']>): Promise<unknown> {
    return this.writer.run(...commands);
  }

  /** The events of one mail in the order of the log, without ids. */
  async history(user: string): Promise<string[]> {
    const events = (await recordsOf(this.store, this.commands.account)).map(({ event }) => event);
    return events.filter(isOfMail).flatMap(({ type, data }) => {
      if (data.mail_id !== `${user}-mail`) return [];
      return [`${type}${'reason' in data ? ` ${data.reason}` : ''}`];
    });
  }

  /** Waits until one of the mail's events is this. */
  async has(user: string, event: string, times = 1): Promise<void> {
    await untilNoneIsMissing(async () => {
      const history = await this.history(user);
      return history.filter((one) => one === event).length >= times ? [] : [event, ...history];
    });
  }

  /** Waits until no mail is left to be sent. */
  async done(): Promise<void> {
    await untilNoneIsMissing(async () => {
      const pending = new Map<string, string>();
      for (const { event } of await recordsOf(this.store, this.commands.account)) {
        const { type, data } = event;
        if (type === 'MailRequested') pending.set(data.mail_id, data.user_id);
        if (type === 'MailSent' || type === 'MailGivenUp') pending.delete(data.mail_id);
        if (type === 'UserDeleted') pending.delete(`${data.user_id}-mail`);
      }
      return [...pending.keys()];
    });
  }

  /** Until when each deferral puts the mail off, in the order of the log. */
  async deferrals(user: string): Promise<number[]> {
    const events = (await recordsOf(this.store, this.commands.account)).map(({ event }) => event);
    return events.flatMap((event) => {
      const isOne = event.type === 'MailDeferred' && event.data.mail_id === `${user}-mail`;
      return isOne ? [Date.parse(event.data.until)] : [];
    });
  }
}

type MailEvent = Extract<DomainEvent, { type: `Mail${string}` }>;

function isOfMail(event: DomainEvent): event is MailEvent {
  return event.type.startsWith('Mail');
}

async function untilNoneIsMissing(missing: () => Promise<readonly string[]>): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    const left = await missing();
    if (left.length === 0) return;
    if (turn > 20_000) throw new Error(`Waited in vain for ${left.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
