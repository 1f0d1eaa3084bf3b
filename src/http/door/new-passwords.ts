import { Injectable } from '@nestjs/common';
import type { Asker } from '../../application/fair-queue.js';
import type { Outcome } from '../../application/outcome.js';
import { PasswordGate } from '../../application/password-gate.js';
import type { Command } from '../../domain/aggregates.js';
import { Commands } from './commands.js';
import { RememberedSignIns } from './remembered-sign-ins.js';
import type { ApiRequest } from './request.js';

/** Stands for a hash while a command is only decided. */
const NO_HASH = 'not hashed yet';

/** Whose password is set, and by whom. */
export interface NewPassword {
  readonly email: string;
  readonly password: string;
  readonly by: Asker;
}

/** Sends commands that set a password. */
@Injectable()
export class NewPasswords {
  constructor(
    private readonly commands: Commands,
    private readonly gate: PasswordGate,
    private readonly remembered: RememberedSignIns,
  ) {}

  /**
   * The password is hashed last, only when nothing refuses the command as far as that can be known.
   * @throws Rejection as the command; rate_limited, unavailable when too many passwords wait to be hashed
   */
  async send(
    request: ApiRequest,
    { email, password, by }: NewPassword,
    command: (password_hash: string) => Command,
  ): Promise<Outcome> {
    await this.commands.rehearse(request, command(NO_HASH));
    const password_hash = await this.gate.hash(by, password);
    try {
      return await this.commands.send(request, command(password_hash));
    } finally {
      this.remembered.forget(email, password);
    }
  }
}
