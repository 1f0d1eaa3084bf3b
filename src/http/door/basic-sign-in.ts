import { Inject, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AttemptJournal } from '../../audit/attempts/attempt-journal.js';
import { Clock } from '../../application/clock.js';
import { CommandSender } from '../../application/command-sender.js';
import { FailedSignIns } from '../../application/failed-sign-ins.js';
import type { Outcome } from '../../application/outcome.js';
import { PasswordGate } from '../../application/password-gate.js';
import { hashPassword } from '../../application/secrets.js';
import { SignIns } from '../../application/sign-ins.js';
import { CONFIG, type Config } from '../../config/config.js';
import type { Command } from '../../domain/aggregates.js';
import { noCredential } from '../../domain/command.js';
import { emailKey } from '../../domain/email-address.js';
import { Rejection } from '../../domain/rejection.js';
import { isLocked, LockUser, RecordSignIn } from '../../domain/sign-in.js';
import type { PasswordView, Principal } from '../../read/credentials.js';
import { Projector } from '../../read/projector.js';
import { Views } from '../../read/views.js';
import { atEndOf } from './end-of-answer.js';
import { RememberedSignIns } from './remembered-sign-ins.js';
import { type ApiRequest, requireApi } from './request.js';
import { metaOf, passwordOf, type SignInAttempt, type SignInName, signInName } from './sign-in-attempt.js';
import { originOf, sourceOf } from './source.js';

/** X88: as many passwords are checked for each sign-in, however many users have the address. */
const CHECKS = 4;

/**
 * Signs users in by e-mail address and password. Too many failures from one source lock the user.
 * A wrong password, a lock and an unknown address have the same answer, after the same work.
 */
@Injectable()
export class BasicSignIn {
  private readonly logger = new Logger(BasicSignIn.name);
  private readonly decoy = hashPassword('');
  private readonly signIns: SignIns;
  private readonly failures: FailedSignIns;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly views: Views,
    private readonly commands: CommandSender,
    private readonly clock: Clock,
    private readonly gate: PasswordGate,
    private readonly projector: Projector,
    private readonly journal: AttemptJournal,
    private readonly remembered: RememberedSignIns,
  ) {
    this.signIns = new SignIns(views.signIns, () => clock.now());
    this.failures = new FailedSignIns(config.lockOutAfter, config.lockOutMinutes, () => clock.now());
  }

  /**
   * @param name an e-mail address, or `<account id>/<address>`
   * @throws Rejection auth_fail, auth_ambiguous; rate_limited, unavailable when too many passwords wait to be hashed
   */
  principalOf(
    name: string,
    password: string,
    request: ApiRequest,
    reply: FastifyReply,
  ): Principal | Promise<Principal> {
    const { via } = requireApi(request);
    const source = sourceOf(request.ip);
    const attempt = {
      ...{
        name: signInName(name, (account) => this.views.checkpoints.revisionOf(account) >= 0),
        password,
        source,
      },
      ...{ requestId: request.id, via, origin: originOf(request) },
    };
    const found = this.remembered.find(attempt.name, password, () => this.verified(attempt));
    const welcome = (user: PasswordView): Principal => {
      this.failures.forget(passwordOf(user), attempt.source);
      this.note(user, attempt, reply);
      return { id: user.id, account: user.account };
    };
    return found instanceof Promise ? found.then(welcome) : welcome(found);
  }

  private async verified(attempt: SignInAttempt): Promise<PasswordView> {
    const { isWhole } = this.projector;
    try {
      const user = await this.check(attempt);
      if (!this.remembered.isAsBefore(user, attempt.name)) throw new Rejection('auth_fail');
      return user;
    } catch (error) {
      if (error instanceof Rejection && error.kind !== 'unauthenticated') throw error;
      // Who fits may have been missing at either look.
      if (!isWhole) throw new Rejection('unavailable');
      this.projector.assertWhole();
      throw error;
    }
  }

  private async check(attempt: SignInAttempt): Promise<PasswordView> {
    const { name, password, source } = attempt;
    const candidates = this.candidates(name);
    const isTooMany = candidates.length > CHECKS;
    const tried = isTooMany ? [] : candidates;
    const decoys = Array.from({ length: CHECKS - tried.length }, () => this.decoy);
    const hashes = [...tried.map(({ password_hash }) => password_hash), ...(await Promise.all(decoys))];
    const by = { caller: `source ${source}`, subject: emailKey(name.email) };
    const fits = await this.gate.verify(by, password, hashes);
    if (isTooMany) throw new Rejection('auth_ambiguous');
    const fitting = tried.filter((_candidate, place) => fits[place]);
    const now = this.clock.now();
    const others = tried.filter((candidate) => !fitting.includes(candidate));
    this.countFailure(others, fitting[0], now, attempt);
    // Who is locked does not count: an answer that told the two apart would tell that the password is right.
    const [user, another] = fitting.filter((one) => !isLocked(one, iso(now)));
    if (another) throw new Rejection('auth_ambiguous');
    if (!user) throw new Rejection('auth_fail');
    return user;
  }

  /** At most one more than are checked. */
  private candidates({ account, email }: SignInName): readonly PasswordView[] {
    const { credentials } = this.views;
    if (account === undefined) return credentials.byEmail(email, CHECKS + 1);
    const own = credentials.byEmailIn(account, email);
    return own ? [own] : [];
  }

  /**
   * Whoever may create users anywhere can give one the address of somebody else, and any password: that one's sign-in
   * is a guess at the others' passwords.
   */
  private countFailure(
    failed: readonly PasswordView[],
    fitting: PasswordView | undefined,
    now: number,
    attempt: SignInAttempt,
  ): void {
    const { source } = attempt;
    for (const candidate of failed) {
      const { id, account } = candidate;
      const guessed = passwordOf(candidate);
      if (isLocked(candidate, iso(now))) continue;
      if (!this.failures.count(guessed, source, fitting?.password_hash)) continue;
      const times = { until: iso(now + this.config.lockOutMinutes * 60_000), now: iso(now) };
      const lock = new LockUser(
        account,
        { user_id: id, ...times },
        metaOf(attempt, { kind: 'system' }, noCredential),
      );
      this.inBackground(lock, attempt, () => this.failures.forget(guessed, source));
    }
  }

  /** Records the sign-in if that is due, once the answer has gone out: its revision is that of what it shows. */
  private note({ id, account }: Principal, attempt: SignInAttempt, reply: FastifyReply): void {
    const sign_ins = this.signIns.due({ id, account });
    if (sign_ins === undefined) return;
    const meta = metaOf(attempt, { kind: 'user', id, account }, { kind: 'password' });
    // Whoever hung up before the password was checked gets no answer.
    atEndOf(reply, () =>
      this.inBackground(new RecordSignIn(account, { user_id: id, sign_ins }, meta), attempt, () => undefined),
    );
  }

  /** Sends a command that nobody waits for: after a refusal the next sign-in gives another occasion. */
  private inBackground(command: Command, { origin }: SignInAttempt, done: () => void): void {
    const recorded = ({ events }: Outcome) => {
      if (events.length > 0) this.journal.wrote(command.account, command.meta.commandId, origin);
      done();
    };
    this.commands.run(command).then(recorded, (error: unknown) => {
      if (!(error instanceof Rejection)) this.logger.error(`${command.type} failed: ${String(error)}`);
    });
  }
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
