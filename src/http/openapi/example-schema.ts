interface JsonSchema {
  readonly type?: string;
  readonly nullable?: boolean;
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema;
  readonly oneOf?: JsonSchema[];
  readonly properties?: Record<string, JsonSchema>;
}

const maps = new WeakSet<object>();

/** Marks an example as one of values by names that nobody knows beforehand; it has one of each type of value. */
export function mapExample<Map extends Readonly<Record<string, string | number | boolean | null>>>(
  example: Map,
): Map {
  maps.add(example);
  return example;
}

const sparse = new WeakMap<object, readonly string[]>();

/** Marks an example as one of which some values may be null: each one where no field is named. */
export function sparseExample<Example extends object>(
  example: Example,
  ...fields: readonly (keyof Example & string)[]
): Example {
  sparse.set(example, fields.length > 0 ? fields : Object.keys(example));
  return example;
}

const shapes = new WeakMap<object, object>();

/** Marks an example as one whose fields are like those of another one, which has more: what is null or empty in it. */
export function shapedExample<Example extends object>(example: Example, like: object): Example {
  shapes.set(example, like);
  return example;
}

const others = new WeakMap<object, object>();

/** Marks an example as one that may look like another one as well. */
export function eitherExample<Example extends object>(example: Example, other: object): Example {
  others.set(example, other);
  return example;
}

const open = new WeakMap<object, readonly string[]>();

/** Marks an example of which some fields may have any value. */
export function openExample<Example extends object>(
  example: Example,
  ...fields: readonly (keyof Example & string)[]
): Example {
  open.set(example, fields);
  return example;
}

/** The JSON schema that an example is an instance of. */
export function schemaOf(example: unknown): JsonSchema {
  if (example === null) return { type: 'string', nullable: true };
  const other = typeof example === 'object' ? others.get(example) : undefined;
  if (other) return { oneOf: [schemaOf({ ...example }), schemaOf(other)] };
  if (Array.isArray(example)) return { type: 'array', items: example.length > 0 ? schemaOf(example[0]) : {} };
  if (typeof example === 'object' && maps.has(example))
    return { type: 'object', additionalProperties: schemaOfAny(Object.values(example)) };
  if (typeof example === 'object') {
    const [mayBeNull, free, like] = [sparse.get(example), open.get(example), shapes.get(example)];
    const properties = Object.entries({ ...example, ...like }).map(([name, value]) => {
      const isNullable = mayBeNull?.includes(name) ?? false;
      const isNull = like !== undefined && Reflect.get(example, name) === null;
      if (free?.includes(name)) return [name, {}] as const;
      return [name, isNullable || isNull ? orNull(schemaOf(value)) : schemaOf(value)] as const;
    });
    return { type: 'object', properties: Object.fromEntries(properties) };
  }
  if (typeof example === 'number') return { type: Number.isInteger(example) ? 'integer' : 'number' };
  return { type: typeof example };
}

function orNull(schema: JsonSchema): JsonSchema {
  if (!schema.oneOf) return { ...schema, nullable: true };
  // Null is to fit one of them, not several.
  const [first, ...rest] = schema.oneOf;
  return { oneOf: [...(first ? [orNull(first)] : []), ...rest] };
}

/** The schema of values each of which is like one of the examples. */
function schemaOfAny(examples: readonly unknown[]): JsonSchema {
  const schemas = new Map(examples.map(schemaOf).map((schema) => [schema.type, schema]));
  const [first = {}] = schemas.values();
  return schemas.size > 1 ? { oneOf: [...schemas.values()] } : first;
}
