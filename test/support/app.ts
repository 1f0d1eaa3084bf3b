import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp, listen } from '../../src/app.js';
import { Lifecycle } from '../../src/application/lifecycle.js';
import { type Config, readConfig } from '../../src/config/config.js';
import { createLog } from '../../src/json-logger.js';
import { Mailer } from '../../src/publish/mailer.js';
import { adminKey, ApiClient, operatorKey } from './api-client.js';
import { freshStore } from './chosen-store.js';

/** The whole service on a free port of this machine, on an empty log unless the settings say otherwise. */
export class RunningApp extends ApiClient {
  private constructor(
    readonly app: NestFastifyApplication,
    url: string,
    /** Of health and metrics, where they have one of their own. */
    readonly operationsPort: number | undefined,
    private readonly removeStore: () => void,
  ) {
    super(url);
  }

  /** @param sendsMails without it mails that are asked for stay on the list, for a test to see them there */
  static async start(
    settings: Partial<Record<string, string>> = {},
    { sendsMails = false } = {},
  ): Promise<RunningApp> {
    const store = freshStore();
    const config: Config = readConfig({
      ...{ PORT: '0', LOG_LEVEL: 'silent', MUSTER_ADMIN_API_KEY: adminKey, ...store.settings },
      ...{ MUSTER_ADMIN_PASSWORD: 'admin-password', MUSTER_OPERATOR_KEY: operatorKey },
      // No test sends anything beyond this machine.
      ...{
        MUSTER_SECRET: 'the-secret-of-tests-0123456789abcdef',
        WEBHOOK_ALLOW_PRIVATE: 'true',
        ...settings,
      },
    });
    const app = await createApp(config, createLog(config.logLevel));
    if (!sendsMails) await app.get(Mailer).stop();
    const { url, operationsPort } = await listen(app, config);
    await app.get(Lifecycle).started;
    return new RunningApp(app, url, operationsPort, store.remove);
  }

  async stop(): Promise<void> {
    await this.app.close();
    this.removeStore();
  }
}
