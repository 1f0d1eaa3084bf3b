import { readFileSync } from 'node:fs';
import { ConfigError, type Setting } from './setting.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** The variable that names a file with the text of a secret setting; undefined where the setting is no secret. */
export function fileVariableOf({ name, secret }: Setting<unknown>): string | undefined {
  return secret === undefined ? undefined : `${name}_FILE`;
}

/** A text that the environment gives to a setting, and the setting as messages are to speak of it. */
export interface GivenText {
  readonly text: string;
  readonly setting: Setting<unknown>;
}

/**
 * Finds the text of a setting: in its variable, or in the file that its file variable names. One newline at the end of a
 * file is no part of the text. No message repeats anything of a file: it may be another one than was meant.
 * @returns undefined where neither variable is set; an empty one counts as not set
 * @throws ConfigError when both are set, or the file cannot be read or is empty
 */
export function givenText(setting: Setting<unknown>, environment: Environment): GivenText | undefined {
  const { name } = setting;
  const variable = fileVariableOf(setting);
  const [text, path] = [environment[name] ?? '', (variable && environment[variable]) ?? ''];
  if (path === '' || variable === undefined) return text === '' ? undefined : { text, setting };
  if (text !== '') throw new ConfigError(`${name} and ${variable} are both set; set one of them`);
  const content = contentOf(path, variable).replace(/\r?\n$/, '');
  if (content === '')
    throw new ConfigError(`${variable} names the file ${JSON.stringify(path)}, which is empty`);
  return { text: content, setting: { ...setting, name: `${name} (from ${variable})`, secret: true } };
}

function contentOf(path: string, variable: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ConfigError(
      `${variable} names the file ${JSON.stringify(path)}, which cannot be read (${reason}); Muster runs as another user, or the file is not there`,
    );
  }
}
