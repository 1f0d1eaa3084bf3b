import { createHash, randomUUID } from 'node:crypto';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Execute } from './execute.js';
import { openCompany } from './open-company.js';
import { newApiKey } from './secrets.js';
import { CONFIG, type Config } from '../config.js';
import { Rejection } from '../domain/rejection.js';
import { EVENT_STORE, type EventStore } from '../event-store/event-store.js';
import { Projector } from '../read/projector.js';
import { Views } from '../read/views.js';

/** The company that a first start opens. Its id is fixed, so of two instances on one log only one opens it. */
const firstCompanyId = createHash('sha256').update('muster first company').digest('hex').slice(0, 32);

/** What happens after the parts are put together, and before they are taken apart. */
@Injectable()
export class Lifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger(Lifecycle.name);
  private isOpen = false;
  /** Resolves when the service can serve requests. */
  started: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly projector: Projector,
    private readonly views: Views,
    private readonly execute: Execute,
  ) {}

  /** Whether requests are served: from when the views have caught up and there is a company, until the stop. */
  get isReady(): boolean {
    return this.isOpen && this.projector.isCaughtUp;
  }

  /** @throws Rejection unavailable before the start is done and while the service stops */
  assertReady(): void {
    if (!this.isReady)
      throw new Rejection(
        'unavailable',
        'The service is starting, stopping or mending its views; try again shortly',
      );
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
  }

  async onApplicationShutdown(): Promise<void> {
    await this.execute.close();
    await this.projector.stop();
    await this.store.close();
  }

  private async start(): Promise<void> {
    await this.projector.start();
    if (this.views.accounts.parentOf(firstCompanyId) === undefined) await this.openFirstCompany();
    this.isOpen = true;
  }

  private async openFirstCompany(): Promise<void> {
    const { name, adminEmail: email, adminPassword, adminApiKey } = this.config.company;
    const password = adminPassword ?? randomUUID();
    const apiKey = adminApiKey ?? newApiKey(firstCompanyId);
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
    const { command } = await openCompany(firstCompanyId, { name, admin }, meta);
    try {
      await this.execute.run(command);
      this.logger.log(`Opened the company ${firstCompanyId}`);
    } catch (error) {
      if (!(error instanceof Rejection && error.code === 'account_exists')) throw error;
      this.logger.log('The company was opened by another instance; its secrets hold, not those shown here');
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
