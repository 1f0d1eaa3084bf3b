import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { Lifecycle } from './application/lifecycle.js';
import { PublicAddress } from './application/public-address.js';
import type { Config } from './config/config.js';
import { exposureOf } from './event-store/data-directory.js';
import { Anybody } from './http/door/anybody.js';
import { Authentication } from './http/door/authentication.js';
import { checkCredentialsFirst } from './http/door/credential-check.js';
import { Operator } from './http/door/operator.js';
import { AttemptRecorder } from './http/door/attempt-recorder.js';
import { serveDocs } from './http/pages/docs.js';
import { doors } from './http/doors.js';
import { Metrics } from './http/operations/metrics.js';
import { OperationsServer } from './http/operations/operations-server.js';
import { type ConnectionLimits, createServer, observe, recordAttempts } from './http/server.js';
import { JsonLogger } from './json-logger.js';
import { ownUrl } from './listen-address.js';

/**
 * Puts the service together; it does not listen yet.
 * @throws StoreUnusable when the data directory or its log cannot be used
 */
export async function createApp(config: Config, log: Logger): Promise<NestFastifyApplication> {
  const apis = doors.map(({ api }) => api);
  const adapter = createServer(apis, config.publicUrl, connectionLimits(config));
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.for(config), adapter, {
    logger: new JsonLogger(log),
    bodyParser: false,
    abortOnError: false,
  });
  const exposure = config.eventStore === 'memory' ? undefined : exposureOf(config.dataDirectory);
  if (exposure !== undefined) log.warn(exposure);
  const checks = { caller: app.get(Authentication), operator: app.get(Operator), nobody: app.get(Anybody) };
  checkCredentialsFirst(adapter.getInstance(), checks);
  observe(adapter, app.get(Metrics), log);
  recordAttempts(adapter, app.get(AttemptRecorder));
  const base = () => app.get(PublicAddress).base ?? ownUrl(config.host, config.port);
  if (config.docs) serveDocs(app, adapter.getInstance(), base, config.publicUrl);
  return app;
}

function connectionLimits({
  maxConnections,
  requestSeconds,
}: Pick<Config, 'maxConnections' | 'requestSeconds'>): ConnectionLimits {
  return { requestMs: Math.ceil(requestSeconds * 1000), connections: maxConnections };
}

/** Where the service listens. */
export interface Listening {
  readonly url: string;
  /** The port of health and metrics, where they have one of their own. */
  readonly operationsPort: number | undefined;
}

/**
 * Has the service listen, and only then open its first company if there is none: whoever could not listen leaves none.
 * @throws Error of the system when nobody can listen there
 */
export async function listen(
  app: NestFastifyApplication,
  config: Pick<Config, 'host' | 'port' | 'operationsPort' | 'maxConnections' | 'requestSeconds'>,
): Promise<Listening> {
  const { host, port, operationsPort } = config;
  const main = app.getHttpAdapter().getInstance();
  const operations =
    operationsPort === undefined ? undefined : new OperationsServer(main, connectionLimits(config));
  await app.listen(port, host);
  const ownPort = await operations?.listen(operationsPort ?? 0, host);
  const url = await app.getUrl();
  const address = app.getHttpServer().address();
  app.get(Lifecycle).listensAt(typeof address === 'object' && address !== null ? address.port : port);
  return { url, operationsPort: ownPort };
}
