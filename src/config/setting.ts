/** A kind of value that settings have. */
export interface Kind<Value> {
  /** What a text of this kind must be or have: the rest of a sentence after "must". */
  readonly must: string;
  /** @returns undefined for a text of another kind */
  readonly parse: (text: string) => Value | undefined;
}

export function textOf(must: string, isGood: (text: string) => boolean): Kind<string> {
  return { must, parse: (text) => (isGood(text) ? text : undefined) };
}

/** A variable of the environment that says how the service runs. */
export interface Setting<Value> {
  readonly name: string;
  readonly kind: Kind<Value>;
  /** What it is, in one line. */
  readonly meaning: string;
  /** The text that counts when none is given. */
  readonly default?: string;
  /** Where there is no such text: what happens then, in words. The value is undefined. */
  readonly without?: string;
  /** No message may repeat a secret; of one that is so in part, the function tells the rest. */
  readonly secret?: true | ((text: string) => string);
}

/** The value of a setting; undefined only where there is no default. */
export type ValueOf<Row> =
  Row extends Setting<infer Value> ? (Row extends { default: string } ? Value : Value | undefined) : never;

/** What is wrong with settings, one line each. */
export class ConfigError extends Error {}

/**
 * @param text as the environment has it; an empty one is as good as none
 * @throws ConfigError for a text that is blank or of another kind
 */
export function read<Value>(setting: Setting<Value>, text = ''): Value | undefined {
  const meant = text === '' ? setting.default : text;
  if (meant === undefined) return undefined;
  if (text !== '' && text.trim() === '') throw new ConfigError(`${setting.name} is blank`);
  const value = setting.kind.parse(meant);
  if (value === undefined) throw new ConfigError(misfit(setting, meant));
  return value;
}

/** What counts when a setting is not given, in words. */
export function defaultOf(setting: Setting<unknown>): string {
  return setting.without ?? (setting.default || 'nothing');
}

function misfit({ name, kind, secret }: Setting<unknown>, text: string): string {
  if (secret === true) return `${name} must ${kind.must}`;
  return `${name} is ${quoted(secret?.(text) ?? text)}, but must ${kind.must}`;
}

/** On one line, with what cannot be seen as its code. */
function quoted(value: string): string {
  return JSON.stringify(value).replace(/[^\x20-\x7e]/gu, (character) =>
    /[\p{L}\p{N}\p{P}\p{S}]/u.test(character)
      ? character
      : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
