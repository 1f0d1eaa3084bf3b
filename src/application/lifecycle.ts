import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { CommandSender } from './command-sender.js';
import { Execute } from './execute.js';
import { FirstCompany } from './first-company.js';
import { refuseEmptiedLog } from './lost-log.js';
import { CONFIG, type Config } from '../config/config.js';
import { ownUrl } from '../listen-address.js';
import { Rejection } from '../domain/rejection.js';
import { EVENT_STORE, type EventStore, StoreUnavailable } from '../event-store/event-store.js';
import { Pauses } from '../event-store/pauses.js';
import { Projector } from '../read/projector.js';
import { Views } from '../read/views.js';

const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** The start of the service once its parts are put together, and its stop before they are taken apart. */
@Injectable()
export class Lifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(Lifecycle.name);
  private readonly stopping = new AbortController();
  private readonly firstCompany: FirstCompany;
  /**
   * Takes the address by which this machine reaches the service; undefined when it stops before it listens.
   */
  private listens: (url: string | undefined) => void = () => undefined;
  private readonly listening = new Promise<string | undefined>((resolve) => (this.listens = resolve));
  private readonly openings: (() => Promise<void>)[] = [];
  private readonly endings: (() => Promise<void>)[] = [];
  private readonly lastEndings: (() => Promise<void>)[] = [];
  private isOpen = false;
  /** Resolves when the service can serve requests. */
  started: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly projector: Projector,
    private readonly execute: Execute,
    private readonly commands: CommandSender,
    views: Views,
  ) {
    this.firstCompany = new FirstCompany(config, views);
  }

  /**
   * Whether requests are served.
   * They are from when the views have caught up and there is a company, until the stop.
   * In between they are not while the event store is out of reach.
   */
  get isReady(): boolean {
    return this.isOpen && this.projector.isCaughtUp && !this.projector.isStale;
  }

  /** @throws Rejection unavailable when requests are not served */
  assertReady(): void {
    if (this.isReady) return;
    throw new Rejection(
      'unavailable',
      this.isOpen && this.projector.isStale
        ? 'The event store is out of reach; try again shortly'
        : 'The service is starting, stopping or repairing its views; try again shortly',
    );
  }

  /** Registers work to do at the start, before requests are served. What it throws ends the start. */
  beforeOpen(step: () => Promise<void>): void {
    this.openings.push(step);
  }

  /**
   * Registers work to end at the stop, after the last request is answered.
   * Commands are still carried out then.
   */
  beforeClose(end: () => Promise<void>): void {
    this.endings.push(end);
  }

  /**
   * Registers work to end at the stop, after the last command was carried out.
   * The event store is still open then.
   */
  afterCommands(end: () => Promise<void>): void {
    this.lastEndings.push(end);
  }

  /** Starts in the background, so that /health answers while the views are still catching up. */
  onApplicationBootstrap(): void {
    this.started = this.start();
    this.started.catch((error: unknown) =>
      this.logger.fatal(error instanceof Error ? error.message : String(error)),
    );
  }

  /** Notes that the service listens now, at this port. */
  listensAt(port: number): void {
    this.listens(ownUrl(this.config.host, port));
  }

  beforeApplicationShutdown(): void {
    this.isOpen = false;
    this.stopping.abort();
    this.listens(undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.endings.map((end) => end()));
    await this.execute.close();
    await Promise.all(this.lastEndings.map((end) => end()));
    await this.projector.stop();
    await this.store.close();
  }

  private async start(): Promise<void> {
    const { config, store, projector } = this;
    if (config.eventStore !== 'memory' && !config.isNewLog)
      await this.whenReachable(() => refuseEmptiedLog(store, accountsOf(projector), config.dataDirectory));
    await this.whenReachable(() => projector.start());
    if (this.hasStopped()) return;
    // A process that cannot listen must not open a company: nobody would see its secrets.
    const url = await this.listening;
    if (url === undefined) return;
    const isNew = projector.hasSeenNoAccount;
    if (isNew) await this.openFirstCompany();
    if (this.hasStopped()) return;
    this.firstCompany.show(url);
    if (!isNew) await this.firstCompany.warnOfChanges();
    for (const step of this.openings) await this.whenReachable(step);
    this.isOpen = !this.hasStopped();
  }

  private hasStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private async openFirstCompany(): Promise<void> {
    const command = await this.firstCompany.command();
    try {
      await this.whenReachable(() => this.commands.run(command));
      this.logger.log(`Opened the company ${command.account}`);
    } catch (error) {
      if (!(error instanceof Rejection && error.code === 'account_exists')) throw error;
      await this.whenReachable(() => this.readFirstCompany());
    }
  }

  /**
   * Reads the first company, so that the views have it.
   * Another instance has opened it, or this one did by a command whose answer was lost.
   */
  private async readFirstCompany(): Promise<void> {
    if (!(await this.projector.reach(this.firstCompany.id, 0)))
      throw new StoreUnavailable('The first company cannot be read yet');
  }

  /** Repeats a step of the start until the event store is within reach or the service is to stop. */
  private async whenReachable(step: () => Promise<unknown>): Promise<void> {
    const { signal } = this.stopping;
    let told: string | undefined;
    for (const pauses = new Pauses(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS, { signal }); !signal.aborted;) {
      try {
        await step();
        return;
      } catch (error) {
        const isOutOfReach =
          error instanceof StoreUnavailable || (error instanceof Rejection && error.code === 'unavailable');
        if (!isOutOfReach) throw error;
        const { message } = error instanceof Rejection && error.cause instanceof Error ? error.cause : error;
        const line = `The start waits for the event store: ${message}`;
        if (line === told) this.logger.debug(line);
        else this.logger.warn((told = line));
        await pauses.take();
      }
    }
  }
}

function accountsOf({ heads }: Projector): readonly string[] {
  return heads.map(([account]) => account);
}
