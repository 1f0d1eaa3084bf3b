import { pick } from '../../support/api-client.js';
import type { RunningApp } from '../../support/app.js';

interface Operation {
  readonly parameters?: readonly { readonly name: string }[];
}

/** The paths of routes that are read, as the OpenAPI document has them: with `as_of` or without. */
async function readRoutes(app: RunningApp): Promise<readonly (readonly [path: string, hasPast: boolean])[]> {
  const document = await app.request('GET', '/openapi.json');
  const paths = pick(document, 'paths') as Record<
    string,
    { readonly get?: Operation; readonly servers?: readonly { readonly url: string }[] }
  >;
  return Object.entries(paths).flatMap(([path, { get, servers = [] }]) => {
    if (!get) return [];
    const prefix = servers[0]?.url.replace(/^\.(?=\/)/, '') ?? '';
    return [[prefix + path, get.parameters?.some(({ name }) => name === 'as_of') ?? false] as const];
  });
}

export async function routesWithPast(app: RunningApp): Promise<readonly string[]> {
  return (await readRoutes(app)).filter(([, hasPast]) => hasPast).map(([path]) => path);
}

export async function routesWithoutPast(app: RunningApp): Promise<readonly string[]> {
  return (await readRoutes(app)).filter(([, hasPast]) => !hasPast).map(([path]) => path);
}
