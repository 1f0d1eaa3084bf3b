import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsId } from './fields/id.js';
import { MayBeAbsent } from './fields/presence.js';

/** A body in which `client_id` may name the account that the request is about, as it may in the query. */
export class ClientChoice {
  @ApiPropertyOptional({ description: 'Id of a client account to act in, as in the query' })
  @MayBeAbsent()
  @IsId()
  client_id?: string;
}
