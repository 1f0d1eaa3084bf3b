import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import type { Config } from './config.js';
import { exposureOf } from './event-store/data-directory.js';
import { serveDocs } from './http/docs.js';
import { Metrics } from './http/metrics.js';
import { createServer, observe } from './http/server.js';
import { JsonLogger } from './json-logger.js';
import { Projector } from './read/projector.js';

/**
 * Puts the service together; it does not listen yet.
 * @throws StoreUnusable when the data directory or its log cannot be used
 */
export async function createApp(config: Config, log: Logger): Promise<NestFastifyApplication> {
  const adapter = createServer();
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.for(config), adapter, {
    logger: new JsonLogger(log),
    bodyParser: false,
    abortOnError: false,
  });
  const exposure = config.eventStore === 'memory' ? undefined : exposureOf(config.dataDirectory);
  if (exposure !== undefined) log.warn(exposure);
  observe(adapter, app.get(Projector), app.get(Metrics), log);
  if (config.docs) serveDocs(app, adapter.getInstance());
  return app;
}
