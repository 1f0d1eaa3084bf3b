import { createHmac, randomBytes } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { LRUCache } from 'lru-cache';
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
import { Rejection } from '../../domain/rejection.js';
import { isLocked, LockUser, RecordSignIn } from '../../domain/sign-in.js';
import type { PasswordView, Principal } from '../../read/credentials.js';
import { Projector } from '../../read/projector.js';
import { Views } from '../../read/views.js';
import { atEndOf } from './end-of-answer.js';
import { type ApiRequest, requireApi } from './request.js';
import { fingerprintOf, metaOf, passwordOf, type SignInAttempt } from './sign-in-attempt.js';
import { originOf, sourceOf } from './source.js';

const MEMORY_MS = 60_000;
const MEMORY_ENTRIES = 10_000;

interface Remembered {
  readonly user: PasswordView;
  /** In milliseconds since the epoch. */
  readonly since: number;
}

/**
 * Signs users in by e-mail address and password. Too many failures from one source lock the user.
 * A wrong password, a lock and an unknown address have the same answer, after the same time.
 */
@Injectable()
export class BasicSignIn {
  private readonly logger = new Logger(BasicSignIn.name);
  private readonly secret = randomBytes(32);
  /** By address, password and the credentials they were checked against: a check ends when those change. */
  private readonly remembered = new LRUCache<string, Remembered>({ max: MEMORY_ENTRIES });
  private readonly checking = new Map<string, Promise<PasswordView>>();
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
  ) {
    this.signIns = new SignIns(views.signIns, () => clock.now());
    this.failures = new FailedSignIns(config.lockOutAfter, config.lockOutMinutes, () => clock.now());
  }

  /** @throws Rejection auth_fail, auth_ambiguous, unavailable when too many passwords are being checked */
  principalOf(
    email: string,
    password: string,
    request: ApiRequest,
    reply: FastifyReply,
  ): Principal | Promise<Principal> {
    const { via } = requireApi(request);
    const source = sourceOf(request.ip);
    const attempt = { email, password, source, requestId: request.id, via, origin: originOf(request) };
    const found = this.verified(attempt);
    const welcome = (user: PasswordView): Principal => {
      this.failures.forget(passwordOf(user), attempt.source);
      this.note(user, attempt, reply);
      return { id: user.id, account: user.account };
    };
    return found instanceof Promise ? found.then(welcome) : welcome(found);
  }

  private verified(attempt: SignInAttempt): PasswordView | Promise<PasswordView> {
    const { email, password } = attempt;
    const candidates = this.views.credentials.byEmail(email);
    const fingerprint = fingerprintOf(candidates);
    const memory = createHmac('sha256', this.secret)
      .update(JSON.stringify([email, password, fingerprint]))
      .digest('base64');
    const known = this.remembered.get(memory);
    const age = this.clock.now() - (known?.since ?? 0);
    if (known && age >= 0 && age < MEMORY_MS) return known.user;
    const underWay = this.checking.get(memory);
    if (underWay) return underWay;
    const { isWhole } = this.projector;
    const check = this.check(candidates, attempt)
      .then((user) => {
        if (fingerprintOf(this.views.credentials.byEmail(email)) !== fingerprint)
          throw new Rejection('auth_fail');
        this.remembered.set(memory, { user, since: this.clock.now() });
        return user;
      })
      .catch((error: unknown) => {
        // Who fits may have been missing at either look.
        if (!isWhole) throw new Rejection('unavailable');
        this.projector.assertWhole();
        throw error;
      });
    this.checking.set(memory, check);
    const forget = () => this.checking.delete(memory);
    check.then(forget, forget);
    return check;
  }

  private async check(candidates: readonly PasswordView[], attempt: SignInAttempt): Promise<PasswordView> {
    const { password } = attempt;
    // Somebody unknown takes as long as somebody known with a wrong password.
    if (candidates.length === 0) await this.gate.verify(password, await this.decoy);
    const fitting: PasswordView[] = [];
    for (const candidate of candidates)
      if (await this.gate.verify(password, candidate.password_hash)) fitting.push(candidate);
    const now = this.clock.now();
    const others = candidates.filter((candidate) => !fitting.includes(candidate));
    this.countFailure(others, fitting[0], now, attempt);
    // Who is locked does not count: an answer that told the two apart would tell that the password is right.
    const [user, another] = fitting.filter((one) => !isLocked(one, iso(now)));
    if (another) throw new Rejection('auth_ambiguous');
    if (!user) throw new Rejection('auth_fail');
    return user;
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
