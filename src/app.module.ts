import type { Server } from 'node:http';
import { join } from 'node:path';
import { type DynamicModule, Logger, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE, HttpAdapterHost } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { commandHandlers } from './application/command-handlers.js';
import { Clock } from './application/clock.js';
import { refuseLostFile } from './application/lost-log.js';
import { PasswordGate } from './application/password-gate.js';
import { Execute } from './application/execute.js';
import { Outage } from './application/outage.js';
import { Snapshots } from './application/snapshots.js';
import { CONFIG, type Config } from './config.js';
import { assertUsable } from './event-store/data-directory.js';
import { DirectoryLock } from './event-store/directory-lock.js';
import { EVENT_STORE, type EventStore } from './event-store/event-store.js';
import { EventStoreDbEventStore } from './event-store/eventstoredb.event-store.js';
import { MemoryEventStore } from './event-store/memory.event-store.js';
import { ObservedEventStore } from './event-store/observed.event-store.js';
import { PrefixedEventStore } from './event-store/prefixed.event-store.js';
import { SqliteEventStore } from './event-store/sqlite.event-store.js';
import { AtLeast } from './http/at-least.js';
import { BasicSignIn } from './http/basic-sign-in.js';
import { Callers } from './http/callers.js';
import { Commands } from './http/commands.js';
import { ErrorsFilter } from './http/errors.filter.js';
import { FrontPageController } from './http/front-page.controller.js';
import { HealthController } from './http/health.controller.js';
import { LookUps } from './application/look-ups.js';
import { Metrics } from './http/metrics.js';
import { PasswordPageController } from './http/password-page.controller.js';
import { RateLimit } from './http/rate-limit.js';
import { Queries } from './http/queries.js';
import { Scopes } from './http/scopes.js';
import { ClientFactsController } from './http/v1/client-facts.controller.js';
import { ClientOperationsController } from './http/v1/client-operations.controller.js';
import { ClientResourcesController } from './http/v1/client-resources.controller.js';
import { ClientSettingsController } from './http/v1/client-settings.controller.js';
import { ClientPropertiesController } from './http/v1/client-properties.controller.js';
import { ClientSharesController } from './http/v1/client-shares.controller.js';
import { ClientsController } from './http/v1/clients.controller.js';
import { DefaultTabsController } from './http/v1/default-tabs.controller.js';
import { GroupUsersController as V1GroupUsersController } from './http/v1/group-users.controller.js';
import { GroupsController as V1GroupsController } from './http/v1/groups.controller.js';
import { ProfileController } from './http/v1/profile.controller.js';
import { RolePermissionsController } from './http/v1/role-permissions.controller.js';
import { RoleUsersController } from './http/v1/role-users.controller.js';
import { RolesController } from './http/v1/roles.controller.js';
import { UserGroupsController } from './http/v1/user-groups.controller.js';
import { UserOperationsController } from './http/v1/user-operations.controller.js';
import { UserPropertiesController } from './http/v1/user-properties.controller.js';
import { UserTabInstancesController } from './http/v1/user-tab-instances.controller.js';
import { UserRolesController } from './http/v1/user-roles.controller.js';
import { UsersController } from './http/v1/users.controller.js';
import { AccountController } from './http/v2/account.controller.js';
import { CompaniesController } from './http/v2/companies.controller.js';
import { GroupUsersController as V2GroupUsersController } from './http/v2/group-users.controller.js';
import { GroupsController as V2GroupsController } from './http/v2/groups.controller.js';
import { KeysController } from './http/v2/keys.controller.js';
import { LocksController } from './http/v2/locks.controller.js';
import { PasswordController } from './http/v2/password.controller.js';
import { PermissionsController } from './http/v2/permissions.controller.js';
import { Validation } from './http/validation.js';
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

const controllers = [
  ...[UsersController, UserGroupsController, V1GroupsController, RolesController, RoleUsersController],
  ...[RolePermissionsController, UserRolesController, V1GroupUsersController, DefaultTabsController],
  ...[ClientsController, ProfileController, UserPropertiesController, UserTabInstancesController],
  ...[ClientFactsController, ClientResourcesController, ClientSettingsController, ClientOperationsController],
  ...[ClientSharesController, ClientPropertiesController],
  ...[V2GroupsController, V2GroupUsersController, CompaniesController, AccountController],
  ...[KeysController, LocksController, PermissionsController, HealthController],
  ...[UserOperationsController, PasswordController, PasswordPageController, FrontPageController],
];

function openStore(config: Config): EventStore {
  const store = openWholeStore(config);
  return config.streamPrefix === '' ? store : new PrefixedEventStore(store, config.streamPrefix);
}

function openWholeStore({ eventStore, dataDirectory, isNewLog }: Config): EventStore {
  const own = ['lock.db', 'views.db', 'snapshots', 'outbox'] as const;
  // All at once, so that whoever has restored them as somebody else hears of all at once.
  if (eventStore !== 'memory')
    assertUsable(dataDirectory, eventStore === 'sqlite' ? ['events.db', ...own] : own);
  // Not before: where nothing may be looked for, nothing is gone.
  if (eventStore === 'sqlite' && !isNewLog) refuseLostFile(dataDirectory);
  switch (eventStore) {
    case 'sqlite':
      return SqliteEventStore.open(dataDirectory, tellOfTrouble);
    case 'memory':
      return new MemoryEventStore();
    default: {
      const lock = DirectoryLock.acquire(dataDirectory);
      try {
        return EventStoreDbEventStore.open(eventStore, { onClose: () => lock.release() });
      } catch (error) {
        lock.release();
        throw error;
      }
    }
  }
}

function tellOfTrouble(trouble: string | undefined): void {
  const logger = new Logger('EventStore');
  if (trouble === undefined) logger.log('The event log can be written again');
  else logger.error(trouble);
}

/** A log in memory has no next start. */
function snapshotsFor({ eventStore, dataDirectory }: Config, store: EventStore): Snapshots | undefined {
  if (eventStore === 'memory') return undefined;
  return new Snapshots(join(dataDirectory, 'snapshots'), () => store.logId());
}

function mailTransport({ mail, dataDirectory }: Config): MailTransport {
  if (mail.smtpUrl !== undefined) return new SmtpTransport(mail.smtpUrl, MAILS_AT_ONCE);
  return new Outbox(join(dataDirectory, 'outbox'));
}

/** The port that the server listens at, which is another than that of the settings when they leave the choice. */
function portOf({ httpAdapter }: HttpAdapterHost): number | undefined {
  const server = httpAdapter.getHttpServer() as Server;
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
}

/** The one place that chooses implementations and puts them together. */
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
            Views.open(config.eventStore === 'memory' ? ':memory:' : join(config.dataDirectory, 'views.db')),
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
            const execute = new Execute(store, apply, tree, snapshotsFor(config, store), now);
            execute.onRead = (account, error) => projector.noteRead(account, error);
            return execute;
          },
        },
        {
          provide: Mailer,
          inject: [Lifecycle, Execute, Views, Projector, Clock, Metrics, HttpAdapterHost],
          useFactory: (
            lifecycle: Lifecycle,
            execute: Execute,
            views: Views,
            projector: Projector,
            clock: Clock,
            { registry }: Metrics,
            host: HttpAdapterHost,
          ) =>
            new Mailer({
              ...{ lifecycle, execute, views, projector, clock, transport: mailTransport(config) },
              ...{ from: config.mail.from, link: new PasswordLink(config, () => portOf(host)) },
              metrics: new MailMetrics(registry, views.mails),
              isAlone: store.soleWriter,
            }),
        },
        { provide: APP_FILTER, useClass: ErrorsFilter },
        { provide: APP_PIPE, useClass: Validation },
        ...[Lifecycle, AtLeast, Callers, Scopes, Queries, Commands, Metrics],
        ...[Clock, RateLimit, BasicSignIn, PasswordGate, LookUps],
        ...commandHandlers,
        ...queryHandlers,
      ],
    };
  }
}
