import { AccountController } from './account.controller.js';
import { v2 } from './api.js';
import { AccessReviewController } from './audit/access-review.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { DiffController } from './audit/diff.controller.js';
import { HistoriesController } from './audit/histories.controller.js';
import { RevertsController } from './audit/reverts.controller.js';
import { CompaniesController } from './companies.controller.js';
import { EventTypesController } from './feed/event-types.controller.js';
import { FeedController } from './feed/feed.controller.js';
import { FeedReadings } from './feed/feed-readings.js';
import { GroupUsersController } from './group-users.controller.js';
import { GroupsController } from './groups.controller.js';
import { KeysController } from './keys.controller.js';
import { LocksController } from './locks.controller.js';
import { PasswordController } from './password.controller.js';
import { PermissionsController } from './permissions.controller.js';
import { RestorationsController } from './restorations.controller.js';
import { DeliveriesController } from './webhooks/deliveries.controller.js';
import { WebhookDesk } from './webhooks/webhook-desk.js';
import { WebhookKeysController } from './webhooks/webhook-keys.controller.js';
import { WebhookStatusController } from './webhooks/webhook-status.controller.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';

/** v2 and its routes, in the order of the OpenAPI document. */
export const v2Door = {
  api: v2,
  controllers: [
    ...[GroupsController, GroupUsersController, CompaniesController, AccountController],
    ...[AuditController, HistoriesController, AccessReviewController, DiffController],
    ...[RevertsController, RestorationsController],
    ...[FeedController, EventTypesController],
    ...[WebhooksController, WebhookStatusController, WebhookKeysController, DeliveriesController],
    ...[KeysController, LocksController, PermissionsController, PasswordController],
  ],
  parts: [FeedReadings, WebhookDesk],
};
