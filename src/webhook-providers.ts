import { join } from 'node:path';
import type { Provider } from '@nestjs/common';
import { AttemptJournal } from './audit/attempts/attempt-journal.js';
import { Clock } from './application/clock.js';
import { CommandSender } from './application/command-sender.js';
import { Lifecycle } from './application/lifecycle.js';
import { PublicAddress } from './application/public-address.js';
import { WebhookSeals } from './application/webhook-seals.js';
import type { Config } from './config/config.js';
import type { EventStore } from './event-store/event-store.js';
import { EventStoreDbSubscriberLog } from './event-store/eventstoredb.subscriber-log.js';
import { SqliteSubscriberLog } from './event-store/sqlite.subscriber-log.js';
import type { SubscriberLog } from './event-store/subscriber-log.js';
import { FamilyFeed } from './feed/family-feed.js';
import { Feed } from './feed/feed.js';
import { LogCursors } from './feed/log-cursors.js';
import { MailLimits } from './http/door/mail-limits.js';
import { Metrics } from './http/operations/metrics.js';
import { AccountSource } from './publish/webhooks/account-source.js';
import { AttemptSource } from './publish/webhooks/attempt-source.js';
import { ClientGaps } from './publish/webhooks/client-gaps.js';
import { Deliveries } from './publish/webhooks/deliveries.js';
import { Heartbeat } from './publish/webhooks/heartbeat.js';
import { LogMarks } from './publish/webhooks/log-marks.js';
import { RequestSlots } from './publish/webhooks/request-slots.js';
import { FamilySource } from './publish/webhooks/family-source.js';
import { NameLookUp } from './publish/webhooks/name-look-up.js';
import { Transmission } from './publish/webhooks/transmission.js';
import { WebhookCheck } from './publish/webhooks/webhook-check.js';
import { WebhookProgress } from './publish/webhooks/webhook-progress.js';
import { WebhookCommands } from './publish/webhooks/webhook-commands.js';
import { WebhookMetrics } from './publish/webhooks/webhook-metrics.js';
import { WebhookRequests } from './publish/webhooks/webhook-request.js';
import { WebhookSender } from './publish/webhooks/webhook-sender.js';
import type { AccountWebhook } from './read/present-webhooks.js';
import { Projector } from './read/projector.js';
import { Views } from './read/views.js';

/** Opens what webhooks keep beside a log. */
export function openSubscriberLog({ eventStore, dataDirectory, streamPrefix }: Config): SubscriberLog {
  const path = eventStore === 'memory' ? ':memory:' : join(dataDirectory, 'subscribers.db');
  const tables = new SqliteSubscriberLog(path);
  if (eventStore === 'sqlite' || eventStore === 'memory') return tables;
  return new EventStoreDbSubscriberLog(eventStore, streamPrefix, tables);
}

/** The parts that send events to webhooks. */
export function webhookProviders(config: Config, store: EventStore): Provider[] {
  const log = openSubscriberLog(config);
  return [
    WebhookCheck,
    {
      provide: WebhookRequests,
      inject: [NameLookUp],
      useFactory: (names: NameLookUp) => new WebhookRequests(names),
    },
    {
      provide: Transmission,
      inject: [WebhookRequests, WebhookSeals, Clock, PublicAddress],
      useFactory: (requests: WebhookRequests, seals: WebhookSeals, clock: Clock, address: PublicAddress) =>
        new Transmission({ requests, seals, clock, base: () => address.base }),
    },
    {
      provide: WebhookSender,
      inject: [
        ...[Lifecycle, CommandSender, Views, Projector, Clock, Metrics, Feed, Transmission],
        ...[FamilyFeed, LogCursors, MailLimits, AttemptJournal, PublicAddress],
      ],
      useFactory: (
        lifecycle: Lifecycle,
        commands: CommandSender,
        views: Views,
        projector: Projector,
        clock: Clock,
        { registry }: Metrics,
        feed: Feed,
        transmission: Transmission,
        family: FamilyFeed,
        cursors: LogCursors,
        mailLimits: MailLimits,
        { log: attempts }: AttemptJournal,
        address: PublicAddress,
      ) => {
        const metrics: WebhookMetrics = new WebhookMetrics(registry, () => sender.lags);
        const sender: WebhookSender = new WebhookSender({
          ...{ log, webhooks: views.webhooks, lifecycle, clock, transmission, slots: new RequestSlots() },
          heartbeat: new Heartbeat(log, store.soleWriter),
          marks: new LogMarks(store, views.checkpoints),
          source: (webhook) =>
            webhook().webhook.include_clients
              ? new FamilySource({ store, family, cursors }, feed, projector, webhook)
              : new AccountSource(feed, projector, webhook),
          attempts:
            attempts &&
            ((webhook) => ({
              source: new AttemptSource(attempts, webhook, () => address.base ?? ''),
              accounts: (company) => views.tree.activeAccounts(company, 0).map(({ account }) => account),
              timeOf: (account, revision) => views.moments.timeOf(views.moments.at(account, revision)),
            })),
          commands: new WebhookCommands(commands, mailLimits),
          attempted: (webhook, isAccepted) => metrics.count(webhook, isAccepted),
        });
        projector.listeners.push((account, records) => sender.moved(account, records));
        return sender;
      },
    },
    {
      provide: Deliveries,
      inject: [WebhookSender, Views, WebhookProgress, Projector, Feed, FamilyFeed, LogCursors],
      useFactory: (
        sender: WebhookSender,
        { moments, tree }: Views,
        progress: WebhookProgress,
        projector: Projector,
        feed: Feed,
        family: FamilyFeed,
        cursors: LogCursors,
      ) => {
        const source = (webhook: () => AccountWebhook) =>
          new FamilySource({ store, family, cursors }, feed, projector, webhook);
        const gaps = new ClientGaps({ store, tree, views: projector, moments, cursors, source });
        const deliveries = new Deliveries({ log, sender, moments, gaps });
        progress.states = (_account, webhook) => deliveries.stateOf(webhook);
        return deliveries;
      },
    },
  ];
}
