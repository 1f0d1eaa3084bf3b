import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { HtmlPage, sourceOf } from './html-page.js';
import { page, script, style } from './password-page.js';

/** The page that mails lead to, for people without a page of their own for it. */
@Controller('password')
@ApiTags('v2 password')
export class PasswordPageController {
  @Get()
  @HtmlPage(`script-src ${sourceOf(script)}; style-src ${sourceOf(style)}; connect-src 'self'`)
  @ApiOperation({
    operationId: 'showPasswordPage',
    summary: 'The page on which a user sets a password',
    description:
      'Mails lead to it as `/password#<token>`. It is the same for every user: the token stays in the browser.',
    security: [],
  })
  show(): string {
    return page;
  }
}
