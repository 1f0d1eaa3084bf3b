import { Anybody } from './door/anybody.js';
import { AtLeast } from './door/at-least.js';
import { AttemptRecorder } from './door/attempt-recorder.js';
import { Authentication } from './door/authentication.js';
import { BasicSignIn } from './door/basic-sign-in.js';
import { Callers } from './door/callers.js';
import { Claims } from './door/claims.js';
import { Commands } from './door/commands.js';
import { Door } from './door/door.js';
import { MailLimits } from './door/mail-limits.js';
import { LargeReads } from './door/large-reads.js';
import { LiveAnswers } from './door/live-answers.js';
import { NewPasswords } from './door/new-passwords.js';
import { Operator } from './door/operator.js';
import { Queries } from './door/queries.js';
import { RateLimit } from './door/rate-limit.js';
import { RememberedSignIns } from './door/remembered-sign-ins.js';
import { Scopes } from './door/scopes.js';
import { Standing } from './door/standing.js';

/** What stands between requests and controllers: who calls, what about, how much of it. */
export const doorParts = [
  ...[Authentication, BasicSignIn, RememberedSignIns, Operator, Anybody, RateLimit, AtLeast],
  ...[Callers, Scopes, Queries, Commands, NewPasswords, MailLimits, Door, AttemptRecorder, Claims],
  ...[LargeReads, LiveAnswers, Standing],
];
