import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Attempt } from '../../audit/attempts/attempt.js';
import { hashApiKey } from '../../application/secrets.js';
import { emailKey } from '../../domain/email-address.js';
import { Views } from '../../read/views.js';
import { apiOf, type SentCredential } from './api.js';
import type { ApiRequest } from './request.js';
import { signInName } from './sign-in-attempt.js';

/** A failed sign-in stands in the journals of so many accounts at most, chosen among the first that have the address. */
const [MOST_ACCOUNTS, MOST_LOOKED_AT] = [20, 1_000];
const LONGEST_ADDRESS = 254;

/** An account that a credential names, and the address that it claims there. */
export interface Claim {
  /** Undefined when it names none that there is. */
  readonly account: string | undefined;
  readonly claimed: Attempt['claimed'];
}

/** Finds out whom a caller claims to be who is not known. */
@Injectable()
export class Claims {
  constructor(private readonly views: Views) {}

  /** @returns one claim at least; none where no credential was sent */
  of(request: ApiRequest): readonly Claim[] {
    const sent = sentIn(request);
    if (!sent) return [];
    const claims = 'key' in sent ? this.ofKey(sent.key) : this.ofName(sent.name);
    return claims.length > 0 ? claims : [{ account: undefined, claimed: null }];
  }

  credentialOf(request: ApiRequest): Attempt['credential'] {
    const sent = sentIn(request);
    return sent ? { kind: 'key' in sent ? 'api_key' : 'password', id: null, name: null } : null;
  }

  private ofKey(key: string): Claim[] {
    const holder = this.views.credentials.byKeyHash(hashApiKey(key));
    const account = holder?.account ?? this.known(/^mk_([0-9A-Za-z-]{1,64})_/.exec(key)?.[1]);
    return account === undefined ? [] : [{ account, claimed: null }];
  }

  private ofName(name: string): Claim[] {
    const { account, email: whole } = signInName(name, (id) => this.known(id) !== undefined);
    const email = whole.slice(0, LONGEST_ADDRESS);
    const holders = this.views.credentials.accountsWith(email, MOST_LOOKED_AT);
    if (account === undefined)
      return this.ofEachCompany(holders).map((one) => ({ account: one, claimed: { email } }));
    if (holders.includes(account)) return [{ account, claimed: { email } }];
    return [{ account, claimed: { email_hash: this.hashOf(account, email) } }];
  }

  /** Some of the accounts, in turns of their companies: many accounts of one company keep out none of another. */
  private ofEachCompany(accounts: readonly string[]): readonly string[] {
    const byCompany = new Map<string, string[]>();
    for (const account of accounts) {
      const company = this.views.tree.parentOf(account) ?? account;
      const own = byCompany.get(company);
      if (own) own.push(account);
      else byCompany.set(company, [account]);
    }
    const companies = [...byCompany.values()];
    const chosen: string[] = [];
    for (let turn = 0; chosen.length < Math.min(accounts.length, MOST_ACCOUNTS); turn += 1)
      chosen.push(...companies.flatMap((own) => own.slice(turn, turn + 1)));
    return chosen.slice(0, MOST_ACCOUNTS);
  }

  private known(account: string | undefined): string | undefined {
    return account !== undefined && this.views.checkpoints.revisionOf(account) >= 0 ? account : undefined;
  }

  /** The same for the same address in the same account of the same log, on every instance. */
  private hashOf(account: string, email: string): string {
    const key = `attempts ${this.views.checkpoints.logId ?? ''}`;
    return createHmac('sha256', key)
      .update(JSON.stringify([account, emailKey(email)]))
      .digest('hex');
  }
}

function sentIn(request: ApiRequest): SentCredential | undefined {
  try {
    return apiOf(request)?.credentialIn(request.headers);
  } catch {
    return undefined;
  }
}
