import { Get, Query, Req } from '@nestjs/common';
import { Clock } from '../../application/clock.js';
import { GetAccount } from '../../read/account.js';
import { ListAssociations } from '../../read/associations.js';
import { GetEffectivePermissions } from '../../read/effective-permissions.js';
import { GetUser } from '../../read/user.js';
import { FullQuery, isFull } from '../wire/paging.js';
import { Queries } from '../door/queries.js';
import { type ApiRequest, callerOf } from '../door/request.js';
import { Scopes } from '../door/scopes.js';
import { answer, type Success } from './envelope.js';
import { V1, v1Operation } from './operation.js';
import { tabsAndPropertiesExample } from './user-associations.js';
import { userDetail, userExample, userGroupExample } from './user.js';

/** The vendor's number for All Users; other groups have none that is published. */
const ALL_USERS_TYPE = 10;
const GROUP_TYPE = 0;

const company = { id: '0123456789abcdef0123456789abcdef', name: 'My Company' };
const groupExample = { id: userGroupExample.id, name: 'All Users', type: ALL_USERS_TYPE };

/** The user behind the credential. */
@V1('profile')
export class ProfileController {
  constructor(
    private readonly queries: Queries,
    private readonly scopes: Scopes,
    private readonly clock: Clock,
  ) {}

  @Get()
  @v1Operation({
    summary: 'Get the caller',
    isScoped: false,
    example: answer({
      ...{ ...userExample, company, ...tabsAndPropertiesExample },
      ...{ permissions: ['user.manage'], groups: [groupExample] },
    }),
  })
  async get(@Req() request: ApiRequest, @Query() query: FullQuery): Promise<Success> {
    const { id, account, holdings, limitedBy } = callerOf(request);
    const at = this.scopes.home(request);
    const user = await this.queries.ask(new GetUser(at, id));
    const { name } = await this.queries.ask(new GetAccount(at));
    const detail = userDetail(user, { id: account, name }, this.clock.timestamp());
    if (!isFull(query)) return answer(detail);
    const permissions = await this.queries.ask(new GetEffectivePermissions(at, id));
    const [{ groups = [], ...associations } = {}] = await this.queries.ask(
      new ListAssociations(at, [id], ['tab_instances', 'properties', 'groups']),
    );
    return answer({
      ...{ ...detail, ...associations },
      // Of a key that others limit, what is left.
      permissions:
        limitedBy.length > 0 && holdings !== 'everything'
          ? [...holdings]
          : permissions.map(({ permission }) => permission),
      groups: groups.map(({ id: groupId, name: groupName, built_in }) => ({
        ...{ id: groupId, name: groupName, type: built_in ? ALL_USERS_TYPE : GROUP_TYPE },
      })),
    });
  }
}
