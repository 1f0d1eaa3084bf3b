import type { FastifyRequest } from 'fastify';
import { commandId } from '../../application/command-id.js';
import type { CommandMeta } from '../../domain/command.js';
import { reasonIn } from './reason.js';
import { traceparentIn } from './traceparent.js';

/** What a command is told of the request it comes from. @throws Rejection bad_reason */
export function commandMeta(
  { id, headers }: FastifyRequest,
  sender: Pick<CommandMeta, 'via' | 'actor' | 'credential'>,
): CommandMeta {
  const context = { reason: reasonIn(headers), traceparent: traceparentIn(headers) };
  return { commandId: commandId(), requestId: id, ...sender, ...context };
}
