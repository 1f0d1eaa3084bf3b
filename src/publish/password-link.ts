import type { PublicAddress } from '../application/public-address.js';

/** Makes the links in mails. */
export class PasswordLink {
  /** @param passwordUrl a link with `{token}` in the place of a token; without it the service's own page is meant */
  constructor(
    private readonly address: PublicAddress,
    private readonly passwordUrl: string | undefined,
  ) {}

  /** Whether links can be made yet. */
  get isKnown(): boolean {
    return this.form !== undefined;
  }

  /** The address at which the holder of the token chooses a password. */
  with(token: string): string {
    if (this.form === undefined) throw new Error('A link was asked for before the service listens');
    return this.form.replaceAll('{token}', () => encodeURIComponent(token));
  }

  private get form(): string | undefined {
    if (this.passwordUrl !== undefined) return this.passwordUrl;
    const { base } = this.address;
    return base === undefined ? undefined : `${base}/password#{token}`;
  }
}
