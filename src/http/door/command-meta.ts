import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { CommandMeta } from '../../domain/command.js';
import { reasonIn } from './reason.js';
import { traceparentIn } from './traceparent.js';

/** What a command is told of the request it comes from. @throws Rejection bad_reason */
export function commandMeta(
  { id, headers }: FastifyRequest,
  sender: Pick<CommandMeta, 'via' | 'actor' | 'credential'>,
): CommandMeta {
  const context = { reason: reasonIn(headers), traceparent: traceparentIn(headers) };
  return { commandId: randomUUID(), requestId: id, ...sender, ...context };
}
