import { Get, Query, Req } from '@nestjs/common';
import { Clock } from '../../application/clock.js';
import { EVERYTHING } from '../../domain/permissions.js';
import { Rejection } from '../../domain/rejection.js';
import { GetAccount } from '../../read/account.js';
import { GetEffectivePermissions } from '../../read/effective-permissions.js';
import type { Moment } from '../../read/moment.js';
import { GetUser } from '../../read/user.js';
import { Callers } from '../door/callers.js';
import { Door } from '../door/door.js';
import { type ApiRequest, callerOf } from '../door/request.js';
import { V1, v1Operation } from './operation.js';
import { FullQuery, isFull } from '../wire/paging.js';
import { answer, cutNote, type Success } from './envelope.js';
import { profileGroup, profileGroupExample } from './group.js';
import { associationsOf, tabsAndPropertiesExample } from './user-associations.js';
import { userDetail, userExample } from './user.js';

const company = { id: '0123456789abcdef0123456789abcdef', name: 'My Company' };

/** The user behind the credential. */
@V1('profile')
export class ProfileController {
  constructor(
    private readonly door: Door,
    private readonly clock: Clock,
    private readonly callers: Callers,
  ) {}

  @Get()
  @v1Operation({
    summary: 'Get the caller',
    large: 'with associations',
    description:
      `${cutNote} A caller who holds more permissions than can be read at once is told those that this service asks ` +
      'for, and `permissions_cut: true`.',
    isScoped: false,
    example: answer({
      ...{ ...userExample, company, ...tabsAndPropertiesExample },
      ...{ permissions: ['user.manage'], groups: [profileGroupExample] },
    }),
  })
  async get(@Req() request: ApiRequest, @Query() query: FullQuery): Promise<Success> {
    const { id, account } = callerOf(request);
    const at = this.door.scopes.home(request);
    const user = await this.door.ask(new GetUser(at, id));
    const { name } = await this.door.ask(new GetAccount(at));
    const detail = userDetail(user, { id: account, name }, this.clock.timestamp());
    if (!isFull(query)) return answer(detail);
    const kinds = ['tab_instances', 'properties', 'groups'] as const;
    const { rows: most } = this.door.room();
    const asked = { at, kinds, link: (path: string) => path, showGroup: profileGroup };
    const [found] = await associationsOf(this.door, [id], asked);
    const permissions = await this.permissions(request, at, most);
    return answer({ ...detail, ...found, ...permissions });
  }

  /** Of a key that others limit, what is left. */
  private async permissions(request: ApiRequest, at: Moment, most: number): Promise<object> {
    const caller = callerOf(request);
    try {
      const page = { limit: most, offset: 0 };
      const { rows, total } = await this.door.ask(new GetEffectivePermissions(at, caller.id, page));
      const held = rows.map(({ permission }) => permission);
      const permissions = this.callers.leftOf(held, caller, request);
      return { permissions, ...(total > rows.length ? { permissions_total: total } : {}) };
    } catch (error) {
      if (!(error instanceof Rejection) || error.code !== 'answer_too_large') throw error;
      const { holdings } = caller;
      return { permissions: holdings === 'everything' ? [EVERYTHING] : [...holdings], permissions_cut: true };
    }
  }
}
