import { readers } from '../../../domain/permissions.js';

/** Who makes and changes webhooks. The command asks for both permissions. */
export const forWebhooks = {
  permissions: ['account.settings'],
  callers: `Needs the permission account.settings, and ${readers.join(' or ')} as well.`,
} as const;
