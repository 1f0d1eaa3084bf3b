import { ApiProperty } from '@nestjs/swagger';
import { type ResourceName, SetClientResources } from '../../domain/client-resources.js';
import type { Draft } from './draft.js';
import { IsResourceList } from './fields/resource.js';

export class ResourcesBody {
  @ApiProperty({
    example: [
      { name: 'api.requests.perDay', value: 5000 },
      { name: 'company.seats', value: -1 },
    ],
  })
  @IsResourceList()
  resources!: { readonly name: ResourceName; readonly value: number }[];

  toCommand(): Draft<SetClientResources> {
    const resources = Object.fromEntries(this.resources.map(({ name, value }) => [name, value]));
    return (account, meta) => new SetClientResources(account, { resources }, meta);
  }
}
