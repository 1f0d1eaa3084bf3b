import { type Answer, pick } from '../../support/api-client.js';
import { type RunningApp } from '../../support/app.js';

export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly type?: string;
  readonly nullable?: boolean;
  readonly example?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly required?: readonly string[];
}

interface Content {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

type Contents = Readonly<Record<string, Content>>;

interface Response {
  readonly description: string;
  readonly content?: Contents;
  readonly headers?: Readonly<Record<string, object>>;
}

interface Described {
  readonly operationId: string;
  readonly summary?: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema?: Schema;
    readonly example?: unknown;
  }[];
  readonly security?: readonly object[];
  readonly requestBody?: { readonly content: Contents };
  readonly responses: Readonly<Record<string, Response>>;
}

/** A route as the document describes it. */
export interface Operation extends Described {
  /** In capitals. */
  readonly method: string;
  readonly path: string;
}

type Item = Readonly<Record<string, Described>> & { readonly servers?: readonly { readonly url: string }[] };

/** What the service says of itself at /openapi.json. */
export class OpenApiDocument {
  /** Each operation below each of its servers. */
  readonly operations: readonly Operation[];

  constructor(
    readonly paths: Readonly<Record<string, Item>>,
    readonly schemas: Readonly<Record<string, Schema>>,
  ) {
    this.operations = Object.entries(paths).flatMap(([path, { servers = [{ url: '.' }], ...methods }]) =>
      servers.flatMap(({ url }) =>
        Object.entries(methods as Record<string, Described>).map(([method, described]) => ({
          ...described,
          method: method.toUpperCase(),
          path: url.slice(1) + path,
        })),
      ),
    );
  }

  static async of(app: RunningApp): Promise<OpenApiDocument> {
    const answer = await app.request('GET', '/openapi.json');
    return new OpenApiDocument(
      pick(answer, 'paths') as OpenApiDocument['paths'],
      pick(answer, 'components', 'schemas') as OpenApiDocument['schemas'],
    );
  }

  /** A schema, looked up if it is only named. */
  resolve(schema: Schema): Schema {
    const name = (schema.$ref ?? schema.allOf?.[0]?.$ref)?.split('/').at(-1);
    return name === undefined ? schema : (this.schemas[name] ?? {});
  }

  /** The body that the examples of a schema's properties make. */
  exampleOf(schema: Schema): unknown {
    const { properties, example } = this.resolve(schema);
    if (!properties) return example;
    const examples = Object.entries(properties).map(([name, property]) => [name, this.exampleOf(property)]);
    return Object.fromEntries(examples.filter(([, value]) => value !== undefined));
  }

  bodySchema({ requestBody }: Operation): Schema | undefined {
    const schema = requestBody?.content['application/json']?.schema;
    return schema && this.resolve(schema);
  }
}

/** Where a value is not what its schema says; empty when it is. */
export function violations(schema: Schema, value: unknown, at = 'body'): string[] {
  // Whatever there is.
  if (Object.keys(schema).length === 0) return [];
  if (schema.oneOf) {
    const fits = schema.oneOf.some((one) => violations(one, value).length === 0);
    return fits ? [] : [`${at} is none of what it may be`];
  }
  if (value === null) return schema.nullable ? [] : [`${at} is null`];
  if (Array.isArray(value)) {
    if (schema.type !== 'array') return [`${at} is a list`];
    return value.flatMap((item, index) => violations(schema.items ?? {}, item, `${at}[${index}]`));
  }
  if (typeof value === 'object') {
    if (schema.type !== 'object') return [`${at} is an object`];
    return Object.entries(value).flatMap(([name, item]) => {
      const property = schema.properties?.[name] ?? schema.additionalProperties;
      return property ? violations(property, item, `${at}.${name}`) : [`${at}.${name} is not described`];
    });
  }
  const type = typeof value === 'number' ? ['number', 'integer'] : [typeof value];
  return type.includes(schema.type ?? '') ? [] : [`${at} is a ${typeof value}, not a ${String(schema.type)}`];
}

/** What an answer has that the document does not foresee; empty when it is described. */
export function undescribed({ method, path, responses }: Operation, answer: Answer): string[] {
  const route = `${method} ${path}: ${answer.status}`;
  const response = responses[String(answer.status)];
  if (!response) return [`${route} is not described`];
  const [type = ''] = (answer.headers.get('content-type') ?? '').split(';');
  const content = response.content?.[type];
  if (answer.text === '') return response.content ? [`${route} has no body`] : [];
  if (!content) return [`${route} in ${type} is not described`];
  const code = pick(answer, 'code') ?? pick(answer, 'meta', 'error_code');
  if (answer.status >= 400 && content.examples?.[String(code)] === undefined)
    return [`${route} ${String(code)} is not described`];
  return violations(content.schema ?? {}, answer.body ?? answer.text).map(
    (violation) => `${route}: ${violation}`,
  );
}
