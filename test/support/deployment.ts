import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/config.js';
import { HealthController } from '../../src/http/operations/health.controller.js';

export interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly mem_limit?: string;
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, null>>;
}

type Variables = Readonly<Record<string, string>>;

/** The file as Compose sees it when its caller has set these variables. */
export function composeFile(file: string, variables: Variables): ComposeFile {
  const tree: unknown = parse(readFileSync(file, 'utf8'), { merge: true });
  return JSON.parse(JSON.stringify(tree), (_key, value: unknown) =>
    typeof value === 'string' ? interpolate(value, variables) : value,
  ) as ComposeFile;
}

/** Fills in `${NAME}`, `${NAME:-default}` and `${NAME:?message}`; `$$` stands for `$`. */
function interpolate(text: string, variables: Variables): string {
  return text.replace(
    /\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})/g,
    (whole, name = '', kind = '', rest = ''): string => {
      if (whole === '$$') return '$';
      const value = variables[String(name)] ?? '';
      if (value === '' && kind !== '-') throw new Error(`${String(name)} is missing: ${String(rest)}`);
      return value === '' ? String(rest) : value;
    },
  );
}

export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** The instructions of a stage of the Dockerfile, FROM first; without a name, of the last one. */
export function stage(name?: string): readonly Instruction[] {
  return stages().findLast(([from]) => name === undefined || from?.rest.endsWith(` AS ${name}`)) ?? [];
}

export function stages(): readonly (readonly Instruction[])[] {
  const text = readFileSync('Dockerfile', 'utf8')
    .replace(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ');
  return text
    .split(/^(?=FROM )/m)
    .filter((part) => part.startsWith('FROM '))
    .map((part) =>
      part
        .split('\n')
        .map((line) => /^([A-Z]+) +(.*)$/.exec(line))
        .filter((match) => match !== null)
        .map(([, name = '', rest = '']) => ({ name, rest })),
    );
}

export function argumentsOf(name: string, instructions: readonly Instruction[]): readonly string[] {
  return instructions.filter((one) => one.name === name).map(({ rest }) => rest);
}

/** What the image sets, as variables and as Muster reads them. */
export const imageEnvironment: Variables = Object.fromEntries(
  argumentsOf('ENV', stage()).flatMap((rest) =>
    [...rest.matchAll(/(\w+)=(\S+)/g)].map(([, ...pair]) => pair),
  ),
) as Variables;
export const imageConfig = readConfig(imageEnvironment);

/** The paths that the service answers to those who run it, without a slash in front. */
export const healthPaths = Object.entries(Object.getOwnPropertyDescriptors(HealthController.prototype))
  .filter(([name]) => name !== 'constructor')
  .map(([, { value }]): unknown => Reflect.getMetadata('path', value as object))
  .filter((path) => typeof path === 'string');

/** An image by a tag that names a release down to its last number. */
export const pinnedImage = /^[a-z0-9./-]+:\d+\.\d+\.\d+(-[a-z0-9]+)*$/;
