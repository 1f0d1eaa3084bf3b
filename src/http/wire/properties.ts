import { ApiProperty } from '@nestjs/swagger';
import { SetClientProperties } from '../../domain/client-properties.js';
import { SetUserProperties } from '../../domain/user-properties.js';
import type { Draft } from './draft.js';
import { IsPropertyMap } from './fields/map.js';
import { ClientChoice } from './client-choice.js';

/** Properties of a user. */
export class PropertiesBody extends ClientChoice {
  @ApiProperty({ example: { department: 'Sales' } })
  @IsPropertyMap()
  properties!: Record<string, string>;

  toCommand({ user_id }: { readonly user_id: string }): Draft<SetUserProperties> {
    const { properties } = this;
    return (account, meta) => new SetUserProperties(account, { user_id, properties }, meta);
  }
}

export class ClientPropertiesBody {
  @ApiProperty({ example: { region: 'Nord' } })
  @IsPropertyMap()
  properties!: Record<string, string>;

  /** A command for the company of the client. */
  toCommand({ client_id }: { readonly client_id: string }): Draft<SetClientProperties> {
    const { properties } = this;
    return (company, meta) => new SetClientProperties(company, { client_id, properties }, meta);
  }
}
