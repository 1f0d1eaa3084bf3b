import { Get, Query, Req } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { GetAccount } from '../../read/accounts.js';
import { ListGroupsOfUser } from '../../read/memberships.js';
import { GetEffectivePermissions } from '../../read/permissions.js';
import { GetUser } from '../../read/users.js';
import { V1, v1Operation } from '../operation.js';
import { everything, FullQuery, isFull } from '../paging.js';
import { type ApiRequest, callerOf, touch } from '../request.js';
import { answer, type Success } from './envelope.js';
import { tabsAndProperties, tabsAndPropertiesExample } from './user-associations.js';
import { userDetail, userExample, userGroupExample } from './user.js';

/** The vendor's number for All Users; other groups have none that is published. */
const ALL_USERS_TYPE = 10;
const GROUP_TYPE = 0;

const company = { id: '0123456789abcdef0123456789abcdef', name: 'My Company' };
const groupExample = { id: userGroupExample.id, name: 'All Users', type: ALL_USERS_TYPE };

/** The user behind the credential. */
@V1('profile')
export class ProfileController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @v1Operation({
    summary: 'Get the user who calls',
    isScoped: false,
    example: answer({
      ...{ ...userExample, company, ...tabsAndPropertiesExample },
      ...{ permissions: ['user.manage'], groups: [groupExample] },
    }),
  })
  async get(@Req() request: ApiRequest, @Query() query: FullQuery): Promise<Success> {
    const { id, account, holdings, limitedBy } = callerOf(request);
    touch(request, account);
    const user = await this.queries.execute(new GetUser(account, id));
    const { name } = await this.queries.execute(new GetAccount(account));
    const detail = userDetail(user, { id: account, name });
    if (!isFull(query)) return answer(detail);
    const permissions = await this.queries.execute(new GetEffectivePermissions(account, id));
    const groups = await this.queries.execute(new ListGroupsOfUser(account, id, everything));
    return answer({
      ...{ ...detail, ...(await tabsAndProperties(this.queries, account, id)) },
      // Of a key that others limit, what is left.
      permissions:
        limitedBy.length > 0 && holdings !== 'everything'
          ? [...holdings]
          : permissions.map(({ permission }) => permission),
      groups: groups.rows.map(({ id: groupId, name: groupName, built_in }) => ({
        ...{ id: groupId, name: groupName, type: built_in ? ALL_USERS_TYPE : GROUP_TYPE },
      })),
    });
  }
}
