import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Rejection } from '../domain/rejection.js';
import type { SealedHeaders, Webhook } from '../domain/webhook-record.js';
import { Sealing } from './sealing.js';
import { SecretFile } from './secret-file.js';
import type { WebhookSecret } from './webhook-secret.js';

/** A webhook, or what is enough of one to bind its seals to it. */
interface Sealed {
  readonly account: string;
  readonly id: string;
}

/** What a sender needs of a webhook besides its facts. */
export interface WebhookCredentials {
  /** The secrets that sign, the newest first. */
  readonly secrets: readonly WebhookSecret[];
  /** Values of the webhook's own headers by name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Seals and opens what is secret of webhooks. */
@Injectable()
export class WebhookSeals {
  private readonly file: SecretFile;
  private made: Sealing | undefined;

  constructor(
    @Inject(CONFIG)
    private readonly config: Pick<Config, 'secret' | 'formerSecret' | 'eventStore' | 'dataDirectory'>,
  ) {
    this.file = new SecretFile(config.eventStore === 'memory' ? undefined : config.dataDirectory);
  }

  /** What seals and opens; undefined where no secret is set or kept yet. */
  get sealing(): Sealing | undefined {
    if (this.made) return this.made;
    const { secret = this.isAlone ? this.file.read() : undefined, formerSecret } = this.config;
    return secret === undefined ? undefined : (this.made = new Sealing(secret, formerSecret));
  }

  /** @throws Rejection secret_required */
  sealSecret(of: Sealed, secret: WebhookSecret): string {
    return this.required().seal(JSON.stringify(secret), purposeOf(of, 'secret'));
  }

  /** @throws Rejection secret_required */
  sealHeader(of: Sealed, name: string, value: string): string {
    return this.required().seal(value, purposeOf(of, header(name)));
  }

  /**
   * The values of a webhook's headers by name.
   * @throws NotOpened when they were sealed with an unknown secret
   */
  headersOf(
    of: Sealed,
    { sealed_headers }: Pick<Webhook, 'sealed_headers'>,
  ): Readonly<Record<string, string>> {
    const values = Object.entries(sealed_headers).map(([name, sealed]) => [
      name,
      this.required().open(sealed, purposeOf(of, header(name))),
    ]);
    return Object.fromEntries(values) as Readonly<Record<string, string>>;
  }

  /**
   * The secrets that sign at a time, the newest first.
   * @param now ISO 8601 in UTC with milliseconds
   * @throws NotOpened when they were sealed with an unknown secret
   */
  secretsOf(of: Sealed, { secrets }: Pick<Webhook, 'secrets'>, now: string): readonly WebhookSecret[] {
    return secrets
      .filter(({ until }) => until === null || until > now)
      .map(({ sealed }) => JSON.parse(this.required().open(sealed, purposeOf(of, 'secret'))) as WebhookSecret)
      .reverse();
  }

  /** As {@link WebhookSeals.secretsOf} and {@link WebhookSeals.headersOf}, together. */
  credentialsOf(account: string, webhook: Webhook, now: string): WebhookCredentials {
    const of = { account, id: webhook.id };
    return { secrets: this.secretsOf(of, webhook, now), headers: this.headersOf(of, webhook) };
  }

  /** What was sealed with the former secret, by its text, sealed anew with the secret of now. */
  resealed(account: string, webhook: Webhook): Readonly<Record<string, string>> {
    const of = { account, id: webhook.id };
    const sealing = this.required();
    const anew = textsOf(webhook)
      .filter(([sealed]) => sealing.secretOf(sealed) === 'former')
      .map(([sealed, what]) => {
        const purpose = purposeOf(of, what);
        return [sealed, sealing.seal(sealing.open(sealed, purpose), purpose)] as const;
      });
    return Object.fromEntries(anew);
  }

  private get isAlone(): boolean {
    return this.config.eventStore === 'sqlite' || this.config.eventStore === 'memory';
  }

  private required(): Sealing {
    const { sealing } = this;
    if (sealing) return sealing;
    if (!this.isAlone) throw new Rejection('secret_required');
    return (this.made = new Sealing(this.file.readOrMake(), this.config.formerSecret));
  }
}

/** Every sealed text of a webhook, with what it is. */
export function textsOf({
  secrets,
  sealed_headers,
}: {
  readonly secrets: Webhook['secrets'];
  readonly sealed_headers: SealedHeaders;
}): readonly (readonly [sealed: string, what: string])[] {
  return [
    ...secrets.map(({ sealed }) => [sealed, 'secret'] as const),
    ...Object.entries(sealed_headers).map(([name, sealed]) => [sealed, header(name)] as const),
  ];
}

function header(name: string): string {
  return `header ${name.toLowerCase()}`;
}

function purposeOf({ account, id }: Sealed, what: string): string {
  return JSON.stringify(['webhook', account, id, what]);
}
