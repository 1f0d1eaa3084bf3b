import { closestMatch } from 'leven';
import { settingNames } from './settings.js';

const bare = (name: string) => name.replace(/^MUSTER_/i, '').toUpperCase();
const known: ReadonlySet<string> = new Set(settingNames);

/** Whether Kubernetes sets this variable in a container, for a service called `muster`. */
function isServiceLink(name: string, value: string): boolean {
  return /^MUSTER_(SERVICE_(HOST|PORT)|PORT_\d+_)/.test(name) || /^(tcp|udp|sctp):\/\//.test(value);
}

/** Warnings about variables that look like settings and are none. Each names the nearest setting. */
export function unknownSettings(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(environment)
    .filter(([name, value = '']) => /^MUSTER_/i.test(name) && !known.has(name) && !isServiceLink(name, value))
    .map(([name]) => {
      const nearest = closestMatch(bare(name), settingNames.map(bare));
      const meant = settingNames.find((one) => bare(one) === nearest) ?? '';
      return `${name} is no setting and has no effect; the nearest one is ${meant}`;
    });
}
