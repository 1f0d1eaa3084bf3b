import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CONFIG, type Config } from '../../config/config.js';
import { HtmlPage, sourceOf } from './html-page.js';

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 32rem; margin: 10vh auto; padding: 0 1rem; }
`;

const docs = `<li><a href="./docs">The API</a>, described for people, to read and to try out</li>
<li><a href="./openapi.json">The same for programs</a>, an OpenAPI document</li>
<li><a href="./asyncapi.json">What subscribers are sent</a>, an AsyncAPI document</li>
`;

const health = `<li><a href="./health/ready">Whether it is ready</a> to answer</li>
`;

/** Health has an address of its own where it has a port of its own, and no link. */
function page({ docs: hasDocs, operationsPort }: Config): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Muster</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<h1>Muster</h1>
<p>A directory of users, groups and roles for companies and their client accounts. It is a service for programs, over
two REST APIs.</p>
<ul>
${hasDocs ? docs : ''}${operationsPort === undefined ? health : ''}</ul>
</main>
</body>
</html>
`;
}

/** What somebody sees who opens the address of the service in a browser. */
@Controller()
@ApiTags('operation')
export class FrontPageController {
  private readonly page: string;

  constructor(@Inject(CONFIG) config: Config) {
    this.page = page(config);
  }

  @Get()
  @HtmlPage(`style-src ${sourceOf(style)}; img-src data:`)
  @ApiOperation({
    operationId: 'showFrontPage',
    summary: 'A page that says what this is',
    description: 'It links to the descriptions of the API and to the health of the service.',
    security: [],
  })
  show(): string {
    return this.page;
  }
}
