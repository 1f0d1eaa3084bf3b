import type { Command } from '../../src/domain/aggregates.js';
import type { CommandsFor } from '../support/commands.js';
import { CommandsForWebhook } from '../support/webhook-commands.js';

export const webhookKinds = [
  ...(['createWebhook', 'changeWebhook', 'statusOfWebhook', 'statusOfWebhook', 'secretOfWebhook'] as const),
  'deleteWebhook',
] as const;

export function pick(ids: readonly string[], index: number): string {
  return ids[index % ids.length] ?? '';
}

export function newWebhook(by: CommandsFor, webhook_id: string, description: string): Command {
  return new CommandsForWebhook(by, webhook_id).create({ description });
}

/** @param number what chooses among the commands of a kind */
export function webhookCommand(
  kind: Exclude<(typeof webhookKinds)[number], 'createWebhook'>,
  by: CommandsFor,
  webhook_id: string,
  number: number,
  description: string,
): Command {
  const hook = new CommandsForWebhook(by, webhook_id);
  // What only the service says.
  const own = new CommandsForWebhook(by.asOperator(), webhook_id);
  if (kind === 'changeWebhook')
    return number % 2 === 0
      ? hook.change({ description })
      : hook.change({ order: 'account', batch: 1 + (number % 3) });
  if (kind === 'secretOfWebhook')
    return number % 3 === 0 ? own.reseal() : hook.rotate(String(10 + (number % 10)));
  if (kind === 'deleteWebhook') return hook.delete();
  const statuses = [
    ...[() => hook.pause(), () => hook.resume(), () => own.disable(number % 5)],
    ...[() => hook.change({ description }, { to: 'active', clients_gap: [] })],
    ...[() => hook.change({}, { to: 'disabled', after: 1 }), () => own.warn(number % 2 === 0 ? 50 : 70)],
  ];
  const make = statuses[number % statuses.length] ?? (() => hook.pause());
  return make();
}
