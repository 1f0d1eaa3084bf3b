import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';

/** The description of every route, from the decorators beside it. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Muster')
    .setDescription(
      'A directory of users, groups and roles for companies and their client accounts. ' +
        'v1 answers in an envelope of `meta` and `data`; v2 in bare objects and RFC 9457 problems. ' +
        'Every answer that shows or changes something of an account carries `Muster-Revision: <account>@<revision>`. ' +
        'A write that a browser sends for a page of another site is 403 `cross_site`.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'kf-api-key' }, 'kf-api-key')
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'E-mail address and password' })
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key' })
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'MUSTER_OPERATOR_KEY' }, 'operator');
  return SwaggerModule.createDocument(app, builder.build());
}

/** Serves the description at /openapi.json and for reading at /docs. */
export function serveDocs(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Muster',
  });
}
