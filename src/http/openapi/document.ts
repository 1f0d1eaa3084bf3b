import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { Api } from '../door/api.js';

/**
 * The description of every route, from the decorators beside it.
 * @param apis those that are served
 * @param base the address by which callers reach the service; `.` for the one that the document was read from
 */
export function describeApis(app: INestApplication, apis: readonly Api[], base = '.'): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Muster')
    .setDescription(
      'A directory of users, groups and roles for companies and their client accounts. ' +
        `${apis.map(({ about }) => about).join(' ')} ` +
        'Every answer that shows or changes something of an account carries `Muster-Revision: <account>@<revision>`. ' +
        'A write that a browser sends for a page of another site is 403 `cross_site`.',
    )
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer(base, 'This service');
  for (const { schemes } of apis)
    for (const [name, scheme] of Object.entries(schemes)) builder.addSecurity(name, scheme);
  const document = SwaggerModule.createDocument(app, builder.build());
  return { ...document, paths: onceEach(document.paths, apis, base) };
}

/** Where an API has several prefixes, each of its operations stands once, and the prefixes are its servers. */
function onceEach(paths: OpenAPIObject['paths'], apis: readonly Api[], base: string): OpenAPIObject['paths'] {
  const once: OpenAPIObject['paths'] = {};
  for (const [path, item] of Object.entries(paths)) {
    const prefixes = apis
      .map((api) => api.prefixes)
      .find((all) => all.some((one) => path.startsWith(`${one}/`)));
    if (!prefixes || prefixes.length === 1) once[path] = item;
    else if (path.startsWith(`${prefixes[0]}/`))
      once[path.slice(prefixes[0].length)] = {
        servers: prefixes.map((one) => ({ url: base + one })),
        ...item,
      };
  }
  return once;
}
