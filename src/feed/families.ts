import { LRUCache } from 'lru-cache';
import type { Tree } from '../read/tree.js';

/** So many accounts are remembered: an account has the same company for ever. */
const MOST = 50_000;

/** Tells accounts that belong together: a company and all the clients that it ever had. */
export class Families {
  private readonly companies = new LRUCache<string, string>({ max: MOST });

  constructor(private readonly tree: Pick<Tree, 'everParentOf'>) {}

  /** The company of a client, a company's own id; undefined for an account that the views do not know yet. */
  companyOf(account: string): string | undefined {
    const known = this.companies.get(account);
    if (known !== undefined) return known;
    const parent = this.tree.everParentOf(account);
    const company = parent === null ? account : parent;
    if (company !== undefined) this.companies.set(account, company);
    return company;
  }
}
