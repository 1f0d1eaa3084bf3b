/** A kind of value that settings have. */
export interface Kind<Value> {
  /** What a text of this kind must be or have. It is the rest of a sentence after "must". */
  readonly must: string;
  /** @returns undefined for a text of another kind */
  readonly parse: (text: string) => Value | undefined;
}

export function textOf(must: string, isGood: (text: string) => boolean): Kind<string> {
  return { must, parse: (text) => (isGood(text) ? text : undefined) };
}

/** A variable of the environment that sets how the service runs. */
export interface Setting<Value> {
  readonly name: string;
  readonly kind: Kind<Value>;
  /** What the setting is, in one line. */
  readonly meaning: string;
  /** The text that is used when the environment has none. */
  readonly default?: string;
  /** What happens without a text, in words, if there is no default. The value is then undefined. */
  readonly without?: string;
  /**
   * Whether the text is a secret, which no message may repeat.
   * If only part of it is one, a function returns the part that may be shown.
   */
  readonly secret?: true | ((text: string) => string);
}

/** The value of a setting. It can be undefined only if there is no default. */
export type ValueOf<Row> =
  Row extends Setting<infer Value> ? (Row extends { default: string } ? Value : Value | undefined) : never;

/** The faults of settings, one per line. */
export class ConfigError extends Error {}

/**
 * @param text as the environment has it; an empty text counts as none
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

/** What is used when a setting is not given, in words. */
export function defaultOf(setting: Setting<unknown>): string {
  return setting.without ?? (setting.default || 'nothing');
}

function misfit({ name, kind, secret }: Setting<unknown>, text: string): string {
  if (secret === true) return `${name} must ${kind.must}`;
  return `${name} is ${quoted(secret?.(text) ?? text)}, but must ${kind.must}`;
}

/** The value on one line in quotes. An invisible character is shown as its code. */
function quoted(value: string): string {
  return JSON.stringify(value).replace(/[^\x20-\x7e]/gu, (character) =>
    /[\p{L}\p{N}\p{P}\p{S}]/u.test(character)
      ? character
      : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
