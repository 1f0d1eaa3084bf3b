import { closestMatch } from 'leven';
import { fileVariables, settingNames } from './settings.js';

const bare = (name: string) => name.replace(/^MUSTER_/i, '').toUpperCase();
const names: readonly string[] = [...settingNames, ...fileVariables];
const known: ReadonlySet<string> = new Set(names);

/** Whether Kubernetes sets this variable in a container, for a service called `muster`. */
function isServiceLink(name: string, value: string): boolean {
  return /^MUSTER_(SERVICE_(HOST|PORT)|PORT_\d+_)/.test(name) || /^(tcp|udp|sctp):\/\//.test(value);
}

/** Warnings about variables that look like settings and are none. Each names the nearest setting. */
export function unknownSettings(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(environment)
    .filter(([name, value = '']) => /^MUSTER_/i.test(name) && !known.has(name) && !isServiceLink(name, value))
    .map(([name]) => {
      const nearest = closestMatch(bare(name), names.map(bare));
      const meant = names.find((one) => bare(one) === nearest) ?? '';
      return `${name} is no setting and has no effect; the nearest one is ${meant}`;
    });
}
