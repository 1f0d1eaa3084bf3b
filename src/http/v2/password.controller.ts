import { Body, Controller, Get, Post, Query, Req } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Clock } from '../../application/clock.js';
import { accountOfPasswordToken, hashPasswordToken } from '../../application/secrets.js';
import { ResetPassword } from '../../domain/password-tokens.js';
import { noCredential } from '../../domain/command.js';
import { Rejection } from '../../domain/rejection.js';
import type { PasswordTokenView } from '../../read/credentials.js';
import { Projector } from '../../read/projector.js';
import { Views } from '../../read/views.js';
import { v2 } from './api.js';
import { bearerTokenIn } from '../door/authorization.js';
import { commandMeta } from '../door/command-meta.js';
import { NewPasswords } from '../door/new-passwords.js';
import { MayBeAbsent } from '../wire/fields/presence.js';
import { IsPassword, IsToken } from '../wire/fields/sign-in.js';
import { LookUps } from '../../application/look-ups.js';
import { type ApiRequest, touch } from '../door/request.js';
import { sourceOf } from '../door/source.js';
import { v2Operation } from './operation.js';

const token = `mt_${'0123456789abcdef'.repeat(2)}_${'x'.repeat(43)}`;

class TokenQuery {
  @ApiPropertyOptional({ example: token, description: 'For callers who cannot send a header' })
  @MayBeAbsent()
  @IsToken()
  token?: string;
}

class SetPasswordBody {
  @ApiProperty({ example: token })
  @IsToken()
  token!: string;

  @ApiProperty({ example: 'correct horse battery staple' })
  @IsPassword()
  password!: string;
}

const callers = 'For the holder of a token from a mail; no other credential is needed.';

/** The password of a user who has been sent a token for it. */
@Controller('api/v2/password')
@ApiTags('v2 password')
export class PasswordController {
  constructor(
    private readonly views: Views,
    private readonly projector: Projector,
    private readonly lookUps: LookUps,
    private readonly passwords: NewPasswords,
    private readonly clock: Clock,
  ) {}

  @Get()
  @v2Operation({
    summary: 'Show whose password a token sets',
    description:
      'The token comes as `Authorization: Bearer <token>`, or as `token` in the query, which servers on the way may log.',
    callers,
    credentialOf: 'nobody',
    example: { email: 'jane.doe@example.com', expires: '2026-02-01T08:15:00.000Z' },
    refuses: ['invalid_token'],
  })
  async show(@Req() request: ApiRequest, @Query() query: TokenQuery): Promise<object> {
    const { email, expires } = await this.ownerOf(request, query.token ?? tokenIn(request));
    return { email, expires };
  }

  @Post()
  @v2Operation({
    summary: 'Set the password of the user of a token',
    description: 'This ends a lock of the user, and every token of the user.',
    callers,
    credentialOf: 'nobody',
    status: 204,
    refuses: ['invalid_token'],
  })
  async set(@Req() request: ApiRequest, @Body() body: SetPasswordBody): Promise<void> {
    const { password } = body;
    const { id, account, email, mail } = await this.ownerOf(request, body.token);
    const token_hash = hashPasswordToken(body.token);
    const credential = mail === null ? noCredential : ({ kind: 'mail_token', id: mail } as const);
    const meta = commandMeta(request, { via: v2.via, actor: { kind: 'user', id, account }, credential });
    const by = { caller: `source ${sourceOf(request.ip)}`, subject: id };
    await this.passwords.send(request, { email, password, by }, (password_hash) => {
      const data = { user_id: id, token_hash, password_hash, now: this.clock.timestamp() };
      return new ResetPassword(account, data, meta);
    });
  }

  /** @throws Rejection invalid_token, unavailable */
  private async ownerOf(request: ApiRequest, secret: string): Promise<PasswordTokenView> {
    const named = accountOfPasswordToken(secret);
    if (named === undefined) throw new Rejection('invalid_token');
    const hash = hashPasswordToken(secret);
    const find = () => this.views.credentials.byTokenHash(hash);
    let found = find();
    if (!found) {
      await this.lookUps.in(named);
      found = find();
    }
    if (!found) this.projector.assertWhole();
    const now = this.clock.timestamp();
    // One that was issued by a clock that was ahead would hold for too long.
    if (!found || found.issued > now || found.expires <= now) throw new Rejection('invalid_token');
    this.projector.assertReadable(found.account);
    touch(request, this.views.moments.now(found.account));
    return found;
  }
}

/** @throws Rejection bad_request */
function tokenIn({ headers: { authorization = '' } }: ApiRequest): string {
  const secret = bearerTokenIn(authorization);
  if (secret === undefined) throw new Rejection('bad_request', 'token must be the token of a mail');
  return secret;
}
