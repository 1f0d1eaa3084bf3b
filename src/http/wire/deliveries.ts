import { ApiProperty } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import { ClientChoice } from './client-choice.js';
import { IsWithin } from './fields/webhook.js';

/** What a webhook is tested, or a delivery made once more, with: nothing but, perhaps, the account. */
export class OrderBody extends ClientChoice {}

export class RetryBody extends ClientChoice {
  @ApiProperty({ description: 'A revision or an RFC 3339 time', example: '2026-03-03T14:02:00Z' })
  @IsString()
  failed_since!: string;
}

export class ReplayBody extends ClientChoice {
  @ApiProperty({ description: 'The first revision to send once more', example: 0 })
  @IsWithin(0, Number.MAX_SAFE_INTEGER)
  from!: number;

  @ApiProperty({ description: 'The last one', example: 3 })
  @IsWithin(0, Number.MAX_SAFE_INTEGER)
  to!: number;
}
