/** A JSON Schema (2020-12). */
export type JsonSchema = Readonly<Record<string, unknown>>;

declare const described: unique symbol;

/** The JSON Schema of exactly the values of a type. */
export type Shape<Value> = JsonSchema & { readonly [described]?: (value: Value) => Value };

/** The shapes of the fields of an object. All of them are always there. */
export type Fields<Data> = { readonly [Field in keyof Data]-?: Shape<Data[Field]> };

type ValueOf<Own> = Own extends Shape<infer Value> ? Value : never;

export const text: Shape<string> = { type: 'string' };
/** The id of something. */
export const id = text;
/** ISO 8601 in UTC with milliseconds. */
export const moment: Shape<string> = { type: 'string', format: 'date-time' };
export const flag: Shape<boolean> = { type: 'boolean' };
export const whole: Shape<number> = { type: 'integer' };
export const textOrNull: Shape<string | null> = { type: ['string', 'null'] };

export function word<Word extends string>(words: readonly Word[]): Shape<Word> {
  return { type: 'string', enum: words };
}

export function list<Value>(items: Shape<Value>): Shape<readonly Value[]> {
  return { type: 'array', items };
}

/** Values by name. */
export function byName<Value>(additionalProperties: Shape<Value>): Shape<Readonly<Record<string, Value>>> {
  return { type: 'object', additionalProperties };
}

/** Values by some of the names. */
export function byWord<Word extends string, Value>(
  words: readonly Word[],
  value: Shape<Value>,
): Shape<{ readonly [One in Word]?: Value }> {
  const properties = Object.fromEntries(words.map((name) => [name, value]));
  return { type: 'object', properties, additionalProperties: false };
}

export function record<Own extends Readonly<Record<string, JsonSchema>>>(
  properties: Own,
): Shape<{ readonly [Field in keyof Own]: ValueOf<Own[Field]> }> {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}
