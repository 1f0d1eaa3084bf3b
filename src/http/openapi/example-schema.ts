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

const sparse = new WeakSet<object>();

/** Marks an example as one of which each value may be null. */
export function sparseExample<Example extends object>(example: Example): Example {
  sparse.add(example);
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
  if (Array.isArray(example)) return { type: 'array', items: example.length > 0 ? schemaOf(example[0]) : {} };
  if (typeof example === 'object' && maps.has(example))
    return { type: 'object', additionalProperties: schemaOfAny(Object.values(example)) };
  if (typeof example === 'object') {
    const nullable = sparse.has(example) ? { nullable: true } : {};
    const free = open.get(example) ?? [];
    const properties = Object.fromEntries(
      Object.entries(example).map(([name, value]) => [
        name,
        free.includes(name) ? {} : { ...schemaOf(value), ...nullable },
      ]),
    );
    return { type: 'object', properties };
  }
  if (typeof example === 'number') return { type: Number.isInteger(example) ? 'integer' : 'number' };
  return { type: typeof example };
}

/** The schema of values each of which is like one of the examples. */
function schemaOfAny(examples: readonly unknown[]): JsonSchema {
  const schemas = new Map(examples.map(schemaOf).map((schema) => [schema.type, schema]));
  const [first = {}] = schemas.values();
  return schemas.size > 1 ? { oneOf: [...schemas.values()] } : first;
}
