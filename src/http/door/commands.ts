import { Inject, Injectable } from '@nestjs/common';
import { AttemptJournal } from '../../audit/attempts/attempt-journal.js';
import { LastUses } from '../../audit/last-uses.js';
import { CommandSender } from '../../application/command-sender.js';
import type { Outcome } from '../../application/outcome.js';
import { Turns } from '../../application/turns.js';
import { CONFIG, type Config } from '../../config/config.js';
import type { Command } from '../../domain/aggregates.js';
import { Rejection } from '../../domain/rejection.js';
import { Views } from '../../read/views.js';
import { type ApiRequest, touch } from './request.js';
import { MailLimits } from './mail-limits.js';
import { originOf } from './source.js';

/** The part of the state that is there after every command of this kind. */
export function known<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error('A command that was done left nothing behind');
  return part;
}

/** Sends commands on behalf of requests: notes the revision they made, for the answer's header. */
@Injectable()
export class Commands {
  /** Of commands that ask for mails, by user. */
  private readonly turns = new Turns();

  constructor(
    private readonly sender: CommandSender,
    private readonly views: Views,
    @Inject(CONFIG) private readonly config: Config,
    private readonly journal: AttemptJournal,
    private readonly mails: MailLimits,
    private readonly lastUses: LastUses,
  ) {}

  /** @throws Rejection reason_required, and whatever refuses the command */
  send(request: ApiRequest, command: Command): Promise<Outcome> {
    return this.refusedAtItsTime(request, command, async () => {
      this.requireReason(command);
      const outcome = await this.run(command);
      touch(request, outcome);
      if (outcome.events.length > 0) {
        request.recorded = outcome;
        this.journal.wrote(command.account, command.meta.commandId, originOf(request));
        this.lastUses.forget(command.account, outcome.events);
      }
      return outcome;
    });
  }

  /** Decides a command without doing it. @throws Rejection what would refuse it if it were sent now */
  rehearse(request: ApiRequest, command: Command): Promise<void> {
    return this.refusedAtItsTime(request, command, async () => {
      this.requireReason(command);
      const wouldDo = await this.sender.rehearse(command);
      if (wouldDo && this.mails.concern(command)) this.mails.take(command)();
    });
  }

  private run(command: Command): Promise<Outcome> {
    const { user_id } = { user_id: undefined, ...command.data };
    if (user_id === undefined || !this.mails.concern(command)) return this.sender.run(command);
    return this.turns.take(user_id, () => this.runCounted(command));
  }

  /** A mail that waits already costs nothing: only what would be done is counted. */
  private async runCounted(command: Command): Promise<Outcome> {
    if (!(await this.sender.rehearse(command))) return this.sender.run(command);
    const giveBack = this.mails.take(command);
    try {
      const outcome = await this.sender.run(command);
      if (outcome.events.length === 0) giveBack();
      return outcome;
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  private async refusedAtItsTime<Result>(
    request: ApiRequest,
    command: Command,
    work: () => Promise<Result>,
  ): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      // A refusal rests on what was written until then, not only on what the request had read.
      touch(request, this.views.moments.now(command.account));
      throw error;
    }
  }

  private requireReason(command: Command): void {
    if (command.meta.reason !== undefined) return;
    const steps = command.type === 'RevertCommand' ? command.data.steps : [];
    const types: readonly string[] = [command.type, ...steps.map(({ command: { type } }) => type)];
    const type = this.config.requireReason.find((one) => types.includes(one));
    if (type === undefined) return;
    throw new Rejection('reason_required', `${type} needs a reason: send it in the header Muster-Reason`);
  }
}
