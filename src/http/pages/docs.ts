import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { stringify } from 'yaml';
import { pageHeaders, sourceOf } from './html-page.js';
import { KeptAnswer } from './kept-answer.js';
import { describeEvents } from '../asyncapi/document.js';
import { describeApis } from '../openapi/document.js';

const { resolve } = createRequire(import.meta.url);

const script = `SwaggerUIBundle({ url: './openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: 'none' });`;

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Muster</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="./docs/swagger-ui.css">
</head>
<body>
<noscript>This page needs JavaScript; /openapi.json says the same.</noscript>
<div id="docs"></div>
<script src="./docs/swagger-ui-bundle.js"></script>
<script>${script}</script>
</body>
</html>
`;

// Swagger UI has icons in its style sheet, and styles on single elements only by script.
const sources = `script-src 'self' ${sourceOf(script)}; style-src 'self'; img-src 'self' data:`;

/** The part of Swagger UI that the page needs; nothing else of the package is served. */
const assets = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

/**
 * Serves the description of every route at /openapi.json and /openapi.yaml, and for reading at /docs; that of what
 * subscribers are sent at /asyncapi.json.
 * @param base address of the service, without a slash at the end
 * @param publicUrl the address by which callers reach the service, if it is known
 */
export function serveDocs(
  app: INestApplication,
  server: FastifyInstance,
  base: () => string,
  publicUrl?: string,
): void {
  let document: OpenAPIObject | undefined;
  const described = () => (document ??= describeApis(app, server.apis, publicUrl));
  const serve = (path: string, answer: KeptAnswer) =>
    server.get(path, (request, reply) => answer.send(request, reply));
  const json = { 'content-type': 'application/json; charset=utf-8' };
  const yaml = { 'content-type': 'application/yaml; charset=utf-8' };
  serve('/openapi.json', new KeptAnswer(() => JSON.stringify(described()), json));
  serve(
    '/openapi.yaml',
    new KeptAnswer(() => stringify(described(), { aliasDuplicateObjects: false }), yaml),
  );
  serve('/asyncapi.json', new KeptAnswer(() => JSON.stringify(describeEvents(described(), base())), json));
  serve('/docs', new KeptAnswer(() => page, pageHeaders(`${sources}; ${connections(publicUrl)}`)));
  for (const [name, type] of Object.entries(assets)) {
    const file = resolve(`swagger-ui-dist/${name}`);
    serve(`/docs/${name}`, new KeptAnswer(() => readFileSync(file), { 'content-type': type }));
  }
}

/** The page asks the service itself, by the public address as well. */
function connections(publicUrl: string | undefined): string {
  return publicUrl === undefined ? "connect-src 'self'" : `connect-src 'self' ${new URL(publicUrl).origin}`;
}
