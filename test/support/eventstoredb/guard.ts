import { type Call } from './calls.js';
import { type Failure, notLeader, notReady, unauthenticated } from './failure.js';
import { type Member, type Roster } from './roster.js';

/** Who may call. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Turns away the calls that this peer must not answer. */
export class Guard {
  constructor(
    private readonly member: Member,
    private readonly roster: Roster,
    private readonly credentials: Credentials | undefined,
  ) {}

  /** Whether there is a leader to write to. */
  get ready(): boolean {
    return this.roster.leader !== undefined;
  }

  /** Why the call is turned away; undefined when it is not. */
  refusal(call: Call): Failure | undefined {
    if (this.credentials !== undefined && call.header('authorization') !== basic(this.credentials))
      return unauthenticated();
    if (!call.requiresLeader || this.roster.leader === this.member) return undefined;
    return this.roster.leader === undefined ? notReady() : notLeader(this.roster.leader);
  }
}

function basic({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
