import { createHash } from 'node:crypto';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { page, script, style } from './password-page.js';

/** What a policy names an inline script or style sheet by. */
function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

const policy = [
  `default-src 'none'; script-src ${sourceOf(script)}; style-src ${sourceOf(style)}; connect-src 'self'`,
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ');

/** The page that mails lead to, for people without a page of their own for it. */
@Controller('password')
@ApiTags('v2 password')
export class PasswordPageController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', policy)
  @Header('cache-control', 'no-store')
  @Header('referrer-policy', 'no-referrer')
  @Header('x-frame-options', 'DENY')
  @Header('x-content-type-options', 'nosniff')
  @ApiOperation({
    summary: 'The page on which a user sets a password',
    description:
      'Mails lead to it as `/password#<token>`. It is the same for everybody: the token stays in the browser.',
  })
  @ApiResponse({
    status: 200,
    description: 'An HTML page',
    content: { 'text/html': { schema: { type: 'string' }, example: '<!doctype html>' } },
  })
  show(): string {
    return page;
  }
}
