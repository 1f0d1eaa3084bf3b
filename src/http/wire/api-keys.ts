import { ApiPropertyOptional } from '@nestjs/swagger';
import { hashApiKey } from '../../application/secrets.js';
import { IssueApiKey } from '../../domain/api-key.js';
import type { Draft } from './draft.js';
import { IsName } from './fields/name.js';
import { MayBeNull } from './fields/presence.js';
import { ClientChoice } from './client-choice.js';

export class IssueApiKeyBody extends ClientChoice {
  @ApiPropertyOptional({ example: 'Nightly sync', nullable: true })
  @MayBeNull()
  @IsName()
  name?: string | null;

  toCommand(ids: { readonly user_id: string; readonly key_id: string }, key: string): Draft<IssueApiKey> {
    const data = { ...ids, name: this.name ?? 'API key', key_hash: hashApiKey(key) };
    return (account, meta) => new IssueApiKey(account, data, meta);
  }
}
