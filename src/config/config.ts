import { givenText } from './secret-file.js';
import { ConfigError, read } from './setting.js';
import { type SettingName, settingNames, settings, type Values } from './settings.js';

/** The settings of this process. They are read from the environment once, at the start. */
export interface Config extends Values {
  /** The names of the settings that the environment sets, itself or by a file. */
  readonly given: readonly SettingName[];
}

/** Injects the {@link Config}. */
export const CONFIG = Symbol('Config');

/**
 * Reads the environment, and the files that it names for secrets.
 * @throws ConfigError that names every wrong setting, one per line
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  const given = new Set<SettingName>();
  const values = Object.entries(settings).map(([key, setting]) => {
    try {
      const found = givenText(setting, environment);
      if (found) given.add(setting.name);
      return [key, read(found?.setting ?? setting, found?.text)] as const;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(error.message);
      return [key, undefined] as const;
    }
  });
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  const { port, operationsPort, ...rest } = Object.fromEntries(values) as unknown as Values;
  return {
    ...rest,
    port,
    // Two servers cannot listen at the same port, but port 0 gives each a free one.
    operationsPort: operationsPort === port && port !== 0 ? undefined : operationsPort,
    given: settingNames.filter((name) => given.has(name)),
  };
}
