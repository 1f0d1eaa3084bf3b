import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

const [prefix, otherPrefix] = ['/api/1.0', '/api/1'];

/**
 * The description of every route, from the decorators beside it.
 * @param base the address by which callers reach the service; `.` for the one that the document was read from
 */
export function describeApi(app: INestApplication, base = '.'): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Muster')
    .setDescription(
      'A directory of users, groups and roles for companies and their client accounts. ' +
        'v1 answers in an envelope of `meta` and `data`; v2 in bare objects and RFC 9457 problems. ' +
        `The paths of v1 are below \`${prefix}\` or, which is the same, \`${otherPrefix}\`: they have servers of their own. ` +
        'Every answer that shows or changes something of an account carries `Muster-Revision: <account>@<revision>`. ' +
        'A write that a browser sends for a page of another site is 403 `cross_site`.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer(base, 'This service')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'kf-api-key' }, 'kf-api-key')
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'E-mail address and password' })
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key' })
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'MUSTER_OPERATOR_KEY' }, 'operator');
  const document = SwaggerModule.createDocument(app, builder.build());
  return { ...document, paths: onceEach(document.paths, base) };
}

/** Each operation of v1 stands under two prefixes: here it stands once, and the prefixes are its servers. */
function onceEach(paths: OpenAPIObject['paths'], base: string): OpenAPIObject['paths'] {
  const servers = [prefix, otherPrefix].map((path) => ({ url: base + path }));
  const once: OpenAPIObject['paths'] = {};
  for (const [path, item] of Object.entries(paths))
    if (path.startsWith(`${prefix}/`)) once[path.slice(prefix.length)] = { servers, ...item };
    else if (!path.startsWith(`${otherPrefix}/`)) once[path] = item;
  return once;
}
