import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceProcess } from './process.js';

/** A disk that a test fills and empties: a real small one where it may mount, else as a process with a limit sees it. */
export class FullDisk {
  readonly path = mkdtempSync(join(tmpdir(), 'muster-disk-'));
  private readonly filling = join(this.path, 'filling');
  private readonly isMounted: boolean;

  constructor() {
    this.isMounted = succeeds('mount', '-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', this.path);
  }

  /** Takes all its room, for this process at least; nothing else happens there meanwhile. */
  fill(service: ServiceProcess): void {
    service.signal('SIGSTOP');
    if (this.isMounted) {
      const { bavail, bsize } = statfsSync(this.path);
      writeFileSync(this.filling, Buffer.alloc(bavail * bsize));
    } else limit(service, '0:');
    service.signal('SIGCONT');
  }

  empty(service: ServiceProcess): void {
    if (this.isMounted) rmSync(this.filling);
    else limit(service, 'unlimited:');
  }

  remove(): void {
    if (this.isMounted) execFileSync('umount', [this.path]);
    rmSync(this.path, { recursive: true });
  }
}

function limit({ pid }: ServiceProcess, bytes: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}`]);
}

function succeeds(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
