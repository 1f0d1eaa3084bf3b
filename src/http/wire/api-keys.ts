import { ApiPropertyOptional } from '@nestjs/swagger';
import { hashApiKey } from '../../application/secrets.js';
import { IssueApiKey } from '../../domain/api-key.js';
import type { Draft } from './draft.js';
import { IsName } from './fields/name.js';
import { MayBeNull } from './fields/presence.js';
import { ClientChoice } from './client-choice.js';

interface Made {
  readonly user_id: string;
  readonly key_id: string;
  readonly key: string;
}

export class IssueApiKeyBody extends ClientChoice {
  @ApiPropertyOptional({ example: 'Nightly sync', nullable: true })
  @MayBeNull()
  @IsName()
  name?: string | null;

  /** @param made `key` is the key itself, which no command holds */
  toCommand({ key, ...ids }: Made): Draft<IssueApiKey> {
    const data = { ...ids, name: this.label(), key_hash: hashApiKey(key) };
    return (account, meta) => new IssueApiKey(account, data, meta);
  }

  /** The name of the key. */
  label(): string {
    return this.name ?? 'API key';
  }
}
