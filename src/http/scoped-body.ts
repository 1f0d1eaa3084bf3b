import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsId, MayBeAbsent } from './fields.js';

/** A body in which `client_id` may name the account that the request is about, as it may in the query. */
export class ScopedBody {
  @ApiPropertyOptional({ description: 'Id of a client account to act in, as in the query' })
  @MayBeAbsent()
  @IsId()
  client_id?: string;
}
