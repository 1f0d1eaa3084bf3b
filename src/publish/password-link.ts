import type { Config } from '../config.js';

/** The addresses that stand for any address of the machine; nobody else gets to it by them. */
const wildcards = new Set(['0.0.0.0', '::']);

/** Makes the links in mails. */
export class PasswordLink {
  /** @param port where this process listens, undefined while it does not yet */
  constructor(
    private readonly config: Pick<Config, 'host' | 'mail'>,
    private readonly port: () => number | undefined,
  ) {}

  /** Whether links can be made by now. */
  get isKnown(): boolean {
    return this.config.mail.passwordUrl !== undefined || this.port() !== undefined;
  }

  /** The address by which whoever holds the token chooses a password. */
  with(token: string): string {
    const form = this.config.mail.passwordUrl ?? `${this.ownAddress()}/password#{token}`;
    return form.replaceAll('{token}', () => encodeURIComponent(token));
  }

  private ownAddress(): string {
    const { host } = this.config;
    const name = wildcards.has(host) ? 'localhost' : host;
    return `http://${name.includes(':') ? `[${name}]` : name}:${this.port() ?? 0}`;
  }
}
