import type { Server } from 'node:http';
import { join } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE, HttpAdapterHost } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { AttemptJournal } from './audit/attempts/attempt-journal.js';
import { Attempts } from './audit/attempts/attempts.js';
import { commandHandlers } from './application/command-handlers.js';
import { Clock } from './application/clock.js';
import { CommandMetrics } from './application/command-metrics.js';
import { CommandSender } from './application/command-sender.js';
import { PasswordGate } from './application/password-gate.js';
import { DailyLog } from './application/daily-log.js';
import { bytesSince } from './application/earlier-bytes.js';
import { Execute } from './application/execute.js';
import { FreeSpace } from './application/free-space.js';
import { memoryBudget, rememberedBytes } from './application/memory-budget.js';
import { PublicAddress } from './application/public-address.js';
import { Outage } from './application/outage.js';
import { SealCheck } from './application/seal-check.js';
import { Snapshots } from './application/snapshots.js';
import { NameLookUp } from './publish/webhooks/name-look-up.js';
import { WebhookProgress } from './publish/webhooks/webhook-progress.js';
import { WebhookSeals } from './application/webhook-seals.js';
import { AUDIT_DOOR, type AuditDoor } from './audit/audit-door.js';
import { AuditLog } from './audit/audit-log.js';
import { LastUses } from './audit/last-uses.js';
import { Trail } from './audit/trail.js';
import { TrailCounts } from './audit/trail-counts.js';
import { DirectoryPast } from './audit/directory-past.js';
import { auditFor } from './chosen-audit.js';
import { openAttemptLog, openKeyUses, openStore } from './chosen-store.js';
import { CONFIG, type Config } from './config/config.js';
import { feedProviders } from './feed-providers.js';
import { EVENT_STORE, type EventStore } from './event-store/event-store.js';
import { ObservedEventStore } from './event-store/observed.event-store.js';
import { controllers } from './http/controllers.js';
import { doors } from './http/doors.js';
import { doorParts } from './http/door-parts.js';
import { ErrorsFilter } from './http/door/errors.filter.js';
import { LookUps } from './application/look-ups.js';
import { registerAttemptMetrics } from './http/operations/attempt-metrics.js';
import { Metrics } from './http/operations/metrics.js';
import { Validation } from './http/door/validation.js';
import { Lifecycle } from './application/lifecycle.js';
import { Mailer, MAILS_AT_ONCE } from './publish/mailer.js';
import { MailMetrics } from './publish/mail-metrics.js';
import type { MailTransport } from './publish/mail-transport.js';
import { Outbox } from './publish/outbox.js';
import { PasswordLink } from './publish/password-link.js';
import { SmtpTransport } from './publish/smtp-transport.js';
import { Projector } from './read/projector.js';
import { queryHandlers } from './read/query-handlers.js';
import { Views } from './read/views.js';
import { webhookProviders } from './webhook-providers.js';

/** A log in memory has no next start. */
function snapshotsFor({ eventStore, dataDirectory }: Config, store: EventStore): Snapshots | undefined {
  if (eventStore === 'memory') return undefined;
  return new Snapshots(join(dataDirectory, 'snapshots'), () => store.logId());
}

function mailTransport({ smtpUrl, dataDirectory }: Config): MailTransport {
  if (smtpUrl !== undefined) return new SmtpTransport(smtpUrl, MAILS_AT_ONCE);
  return new Outbox(join(dataDirectory, 'outbox'));
}

/** The port that the server listens at, which is another than that of the settings when they leave the choice. */
function portOf({ httpAdapter }: HttpAdapterHost): number | undefined {
  const server = httpAdapter.getHttpServer() as Server;
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
}

/** Puts the service together. */
@Module({})
export class AppModule {
  static for(config: Config): DynamicModule {
    // First of all: it keeps other processes out of the directory that the views are in.
    const outage = new Outage();
    const opened = openStore(config);
    // A log in a file is never out of reach, and says by itself when it cannot be written.
    const store = opened.soleWriter ? opened : new ObservedEventStore(opened, outage);
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers,
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: EVENT_STORE, useValue: store },
        { provide: Outage, useValue: outage },
        {
          provide: Views,
          useFactory: () =>
            Views.open(
              config.eventStore === 'memory' ? ':memory:' : join(config.dataDirectory, 'views.db'),
              rememberedBytes(config.accountsMemory),
            ),
        },
        {
          provide: Projector,
          inject: [Views],
          useFactory: (views: Views) => new Projector(store, views),
        },
        {
          provide: Execute,
          inject: [Projector, Views, Clock],
          useFactory: (projector: Projector, { tree }: Views, clock: Clock) => {
            const apply: Projector['apply'] = (account, records) => projector.apply(account, records);
            const now = () => new Date(clock.now());
            const earlier = async (company: string, since: number) => {
              let bytes = 0;
              for (const { account, revision } of tree.activeAccounts(company, since))
                bytes += await bytesSince(store, account, revision, since);
              return bytes;
            };
            const daily = new DailyLog(config.logMegabytesADay * 1024 * 1024, earlier, now);
            const limits = { memory: memoryBudget(config.accountsMemory), limits: config.limits, daily };
            const execute = new Execute(store, apply, tree, snapshotsFor(config, store), now, limits);
            execute.onRead = (account, error) => projector.noteRead(account, error);
            return execute;
          },
        },
        {
          provide: CommandMetrics,
          inject: [Metrics],
          useFactory: ({ registry }: Metrics) => new CommandMetrics(registry),
        },
        {
          provide: AUDIT_DOOR,
          inject: [Projector, Views, LastUses],
          useFactory: (projector: Projector, { database }: Views, lastUses: LastUses) =>
            auditFor(config, store, projector, database, lastUses),
        },
        {
          provide: DirectoryPast,
          inject: [AUDIT_DOOR, Views],
          useFactory: (door: AuditDoor, { database }: Views) =>
            new DirectoryPast(door, () => database.commit() === 'durable'),
        },
        {
          provide: AuditLog,
          inject: [AUDIT_DOOR, Lifecycle, Projector, Clock],
          useFactory: (door: AuditDoor, lifecycle: Lifecycle, projector: Projector, clock: Clock) => {
            const audit = new AuditLog(
              door,
              () => clock.now(),
              () => projector.isCaughtUp,
            );
            lifecycle.beforeClose(() => audit.stop());
            return audit;
          },
        },
        {
          provide: PublicAddress,
          inject: [HttpAdapterHost],
          useFactory: (host: HttpAdapterHost) => new PublicAddress(config, () => portOf(host)),
        },
        {
          provide: Mailer,
          inject: [Lifecycle, CommandSender, Views, Projector, Clock, Metrics, PublicAddress],
          useFactory: (
            lifecycle: Lifecycle,
            commands: CommandSender,
            views: Views,
            projector: Projector,
            clock: Clock,
            { registry }: Metrics,
            address: PublicAddress,
          ) =>
            new Mailer({
              ...{ lifecycle, commands, views, projector, clock, transport: mailTransport(config) },
              ...{ from: config.mailFrom, link: new PasswordLink(address, config.passwordUrl) },
              metrics: new MailMetrics(registry, views.mails),
              isAlone: store.soleWriter,
            }),
        },
        {
          provide: AttemptJournal,
          inject: [Clock, Lifecycle, Metrics],
          useFactory: (clock: Clock, lifecycle: Lifecycle, { registry }: Metrics) => {
            const options = { days: config.attemptsDays, now: () => clock.now() };
            const journal = new AttemptJournal(openAttemptLog(config, store), options);
            registerAttemptMetrics(registry, journal);
            lifecycle.afterCommands(() => journal.stop());
            return journal;
          },
        },
        {
          provide: LastUses,
          inject: [Clock, Lifecycle],
          useFactory: (clock: Clock, lifecycle: Lifecycle) => {
            const lastUses = new LastUses(openKeyUses(config), () => clock.now());
            lifecycle.afterCommands(() => lastUses.stop());
            return lastUses;
          },
        },
        {
          provide: SealCheck,
          inject: [WebhookSeals, Views, CommandSender, Lifecycle],
          useFactory: (seals: WebhookSeals, views: Views, sender: CommandSender, lifecycle: Lifecycle) => {
            const check = new SealCheck(seals, views.webhooks, sender);
            lifecycle.beforeOpen(() => check.run());
            return check;
          },
        },
        { provide: APP_FILTER, useClass: ErrorsFilter },
        { provide: APP_PIPE, useClass: Validation },
        ...[Lifecycle, CommandSender, Metrics, Clock, PasswordGate, LookUps, Attempts, Trail, WebhookSeals],
        ...[WebhookProgress, FreeSpace, TrailCounts],
        ...doors.flatMap(({ parts = [] }) => parts),
        { provide: NameLookUp, useFactory: () => new NameLookUp({ allowPrivate: config.allowPrivate }) },
        ...doorParts,
        ...feedProviders(store),
        ...webhookProviders(config, store),
        ...commandHandlers,
        ...queryHandlers,
      ],
    };
  }
}
