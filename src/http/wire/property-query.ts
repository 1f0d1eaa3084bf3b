import { ApiProperty } from '@nestjs/swagger';
import { IsPropertyName } from './fields/map.js';

/** The query string that says which property is to go. */
export class PropertyQuery {
  @ApiProperty({ description: 'Name of the property', example: 'department' })
  @IsPropertyName()
  name!: string;
}
