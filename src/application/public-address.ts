import type { Config } from '../config/config.js';
import { ownUrl } from '../listen-address.js';

/** The address by which callers reach the service: that of the settings, or the one at which this process listens. */
export class PublicAddress {
  /** @param port the port at which this process listens; undefined until it does */
  constructor(
    private readonly config: Pick<Config, 'host' | 'publicUrl'>,
    private readonly port: () => number | undefined,
  ) {}

  /** Without a slash at the end; undefined until it is known. */
  get base(): string | undefined {
    const { publicUrl, host } = this.config;
    if (publicUrl !== undefined) return publicUrl;
    const port = this.port();
    return port === undefined ? undefined : ownUrl(host, port);
  }
}
