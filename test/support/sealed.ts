import { execFileSync } from 'node:child_process';

/**
 * Goes before the command of a service that is to run as in its container: nothing can be written but one directory, and
 * the process has no rights and gains none. Empty where the tests may not do so.
 */
export function sealed(writable: string): readonly string[] {
  const script = [
    'mount --make-rprivate / && mount --bind "$1" "$1" && mount -o remount,bind,ro / && shift',
    'exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all "$@"',
  ].join(' && ');
  const launcher = ['unshare', '--mount', 'sh', '-c', script, 'sh', writable];
  const [command = '', ...rest] = launcher;
  try {
    execFileSync(command, [...rest, 'true'], { stdio: 'ignore' });
    return launcher;
  } catch {
    return [];
  }
}
