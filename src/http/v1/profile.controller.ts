import { Get, Query, Req } from '@nestjs/common';
import { Clock } from '../../application/clock.js';
import { GetAccount } from '../../read/account.js';
import { ListAssociations } from '../../read/associations.js';
import { GetEffectivePermissions } from '../../read/effective-permissions.js';
import { GetUser } from '../../read/user.js';
import { Door } from '../door/door.js';
import { type ApiRequest, callerOf } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import { FullQuery, isFull } from '../wire/paging.js';
import { answer, type Success } from './envelope.js';
import { profileGroup, profileGroupExample } from './group.js';
import { tabsAndProperties, tabsAndPropertiesExample } from './user-associations.js';
import { userDetail, userExample } from './user.js';

const company = { id: '0123456789abcdef0123456789abcdef', name: 'My Company' };

/** The user behind the credential. */
@V1('profile')
export class ProfileController {
  constructor(
    private readonly door: Door,
    private readonly clock: Clock,
  ) {}

  @Get()
  @v1Operation({
    summary: 'Get the caller',
    isScoped: false,
    example: answer({
      ...{ ...userExample, company, ...tabsAndPropertiesExample },
      ...{ permissions: ['user.manage'], groups: [profileGroupExample] },
    }),
  })
  async get(@Req() request: ApiRequest, @Query() query: FullQuery): Promise<Success> {
    const { id, account, holdings, limitedBy } = callerOf(request);
    const at = this.door.scopes.home(request);
    const user = await this.door.ask(new GetUser(at, id));
    const { name } = await this.door.ask(new GetAccount(at));
    const detail = userDetail(user, { id: account, name }, this.clock.timestamp());
    if (!isFull(query)) return answer(detail);
    const effective = await this.door.ask(new GetEffectivePermissions(at, id));
    // Of a key that others limit, what is left.
    const isLimited = limitedBy.length > 0 && holdings !== 'everything';
    const permissions = isLimited ? [...holdings] : effective.map(({ permission }) => permission);
    const kinds = ['tab_instances', 'properties', 'groups'] as const;
    const [{ groups = [], ...more } = {}] = await this.door.ask(new ListAssociations(at, [id], kinds));
    return answer({ ...detail, ...tabsAndProperties(more), permissions, groups: groups.map(profileGroup) });
  }
}
