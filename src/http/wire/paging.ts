import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import type { PageRequest } from '../../read/page.js';
import { flag, IsFlag } from './fields/flag.js';

const MOST_ROWS = 100;

/** The query string of every list: which part of it to answer. */
export class PageQuery {
  @ApiPropertyOptional({ description: 'Rows per page, 1 to 100; a larger number means 100', example: '100' })
  @IsOptional()
  @Matches(/^0*[1-9]\d*$/, { message: 'limit must be a whole number from 1' })
  limit?: string;

  @ApiPropertyOptional({ description: 'Rows to pass over', example: '0' })
  @IsOptional()
  @Matches(/^\d+$/, { message: 'offset must be a whole number from 0' })
  offset?: string;
}

export class FullQuery {
  @ApiPropertyOptional({ description: 'Include associations', enum: ['true', 'false'] })
  @IsOptional()
  @IsFlag()
  full?: string;
}

export function pageOf({ limit, offset }: PageQuery): PageRequest {
  return {
    limit: Math.min(Number(limit ?? MOST_ROWS), MOST_ROWS),
    offset: Math.min(Number(offset ?? 0), Number.MAX_SAFE_INTEGER),
  };
}

export function isFull({ full }: FullQuery): boolean {
  return flag(full) ?? false;
}

/** Whether it asks for a page at all. */
export function isPaged({ limit, offset }: PageQuery): boolean {
  return limit !== undefined || offset !== undefined;
}
