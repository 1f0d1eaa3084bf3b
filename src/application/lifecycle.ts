import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Execute } from './execute.js';
import { refuseEmptiedLog } from './lost-log.js';
import { openCompany } from './open-company.js';
import { newApiKey } from './secrets.js';
import { CONFIG, type Config } from '../config.js';
import { Rejection } from '../domain/rejection.js';
import { EVENT_STORE, type EventStore, StoreUnavailable } from '../event-store/event-store.js';
import { Projector } from '../read/projector.js';

const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** The company that is opened in a log without any. Its id is fixed, so of two instances on one log only one opens it. */
function firstCompanyOf(streamPrefix: string): string {
  return createHash('sha256').update(`${streamPrefix}muster first company`).digest('hex').slice(0, 32);
}

/** What happens after the parts are put together, and before they are taken apart. */
@Injectable()
export class Lifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(Lifecycle.name);
  private readonly stopping = new AbortController();
  private readonly firstCompany: string;
  private readonly endings: (() => Promise<void>)[] = [];
  private isOpen = false;
  /** Resolves when the service can serve requests. */
  started: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly projector: Projector,
    private readonly execute: Execute,
  ) {
    this.firstCompany = firstCompanyOf(config.streamPrefix);
  }

  /**
   * Whether requests are served: from when the views have caught up and there is a company, until the stop,
   * and only while the event store is within reach.
   */
  get isReady(): boolean {
    return this.isOpen && this.projector.isCaughtUp && !this.projector.isDeaf;
  }

  /** @throws Rejection unavailable when requests are not served */
  assertReady(): void {
    if (this.isReady) return;
    throw new Rejection(
      'unavailable',
      this.isOpen && this.projector.isDeaf
        ? 'The event store is out of reach; try again shortly'
        : 'The service is starting, stopping or mending its views; try again shortly',
    );
  }

  /** Has work end after the last request is answered, while commands are still carried out. */
  beforeClose(end: () => Promise<void>): void {
    this.endings.push(end);
  }

  /** Starts in the background, so that /health answers while the views are still catching up. */
  onApplicationBootstrap(): void {
    this.started = this.start();
    this.started.catch((error: unknown) =>
      this.logger.fatal(error instanceof Error ? error.message : String(error)),
    );
  }

  beforeApplicationShutdown(): void {
    this.isOpen = false;
    this.stopping.abort();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.endings.map((end) => end()));
    await this.execute.close();
    await this.projector.stop();
    await this.store.close();
  }

  private async start(): Promise<void> {
    const { config, store, projector } = this;
    if (config.eventStore !== 'memory' && !config.isNewLog)
      await this.whenReachable(() => refuseEmptiedLog(store, projector.accounts, config.dataDirectory));
    await this.whenReachable(() => projector.start());
    if (this.stopping.signal.aborted) return;
    if (this.projector.hasSeenNoAccount) await this.openFirstCompany();
    this.isOpen = !this.stopping.signal.aborted;
  }

  private async openFirstCompany(): Promise<void> {
    const { firstCompany, config } = this;
    const { name, adminEmail: email, adminPassword, adminApiKey } = config.company;
    const password = adminPassword ?? randomUUID();
    const apiKey = adminApiKey ?? newApiKey(firstCompany);
    this.show(
      email,
      adminPassword === undefined ? password : undefined,
      adminApiKey === undefined ? apiKey : undefined,
    );
    const admin = { first_name: 'First', last_name: 'Admin', email, password, apiKey };
    const meta = {
      commandId: randomUUID(),
      requestId: 'start',
      via: 'system',
      actor: { type: 'system' },
    } as const;
    const { command } = await openCompany(firstCompany, { name, admin }, meta);
    try {
      await this.whenReachable(() => this.execute.run(command));
      this.logger.log(`Opened the company ${firstCompany}`);
    } catch (error) {
      if (!(error instanceof Rejection && error.code === 'account_exists')) throw error;
      await this.whenReachable(() => this.readFirstCompany());
    }
  }

  /** Makes sure of the company that another instance has opened, or this one by a command whose answer was lost. */
  private async readFirstCompany(): Promise<void> {
    if (!(await this.projector.reach(this.firstCompany, 0)))
      throw new StoreUnavailable('The first company cannot be read yet');
    this.logger.log(
      'The company was opened already, maybe by another instance; then its secrets hold, not those shown',
    );
  }

  /** Tries a step of the start again until the event store is within reach, or the service is to stop. */
  private async whenReachable(step: () => Promise<unknown>): Promise<void> {
    const { signal } = this.stopping;
    for (let pause = SHORTEST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        await step();
        return;
      } catch (error) {
        const isOutOfReach =
          error instanceof StoreUnavailable || (error instanceof Rejection && error.code === 'unavailable');
        if (!isOutOfReach) throw error;
        const { message } = error instanceof Rejection && error.cause instanceof Error ? error.cause : error;
        this.logger.error(`The start waits for the event store: ${message}`);
        await sleep(pause, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Shows secrets that were made here, once, to whoever starts the service; they are kept nowhere. */
  private show(email: string, password: string | undefined, apiKey: string | undefined): void {
    if (password === undefined && apiKey === undefined) return;
    const { host, port } = this.config;
    const base = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    const lines = [
      'Muster opens its first company. This is shown once:',
      ...(password === undefined ? [] : [`  sign in:  ${email}  ${password}`]),
      ...(apiKey === undefined ? [] : [`  API key:  ${apiKey}`]),
      apiKey === undefined
        ? `  try:      curl -u '${email}:${password ?? ''}' ${base}/api/1.0/users`
        : `  try:      curl -H 'kf-api-key: ${apiKey}' ${base}/api/1.0/users`,
    ];
    process.stderr.write(`\n${lines.join('\n')}\n\n`);
  }
}
