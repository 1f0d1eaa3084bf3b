import type { Config } from '../config/config.js';
import { ownUrl } from '../listen-address.js';

/** Makes the links in mails. */
export class PasswordLink {
  /** @param port the port at which this process listens; undefined until it does */
  constructor(
    private readonly config: Pick<Config, 'host' | 'publicUrl' | 'passwordUrl'>,
    private readonly port: () => number | undefined,
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
    const { passwordUrl, publicUrl, host } = this.config;
    const port = this.port();
    const base = publicUrl ?? (port === undefined ? undefined : ownUrl(host, port));
    return passwordUrl ?? (base && `${base}/password#{token}`);
  }
}
