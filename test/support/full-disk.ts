import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServiceProcess } from './process.js';

/** A disk that a test fills and empties: a real small one where it may mount, else as a process with a limit sees it. */
export class FullDisk {
  readonly path = mkdtempSync(join(tmpdir(), 'muster-disk-'));
  private readonly filling = join(this.path, 'filling');
  /** Whether it is a disk of which the system tells how much room it has. */
  readonly isReal: boolean;

  constructor() {
    this.isReal = succeeds('mount', '-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', this.path);
  }

  /** Takes all its room, for this process at least; nothing else happens there meanwhile. */
  fill(service?: ServiceProcess): void {
    service?.signal('SIGSTOP');
    if (this.isReal) {
      const { bavail, bsize } = statfsSync(this.path);
      writeFileSync(this.filling, Buffer.alloc(bavail * bsize));
    } else if (service) limit(service, '0:');
    service?.signal('SIGCONT');
  }

  empty(service?: ServiceProcess): void {
    if (this.isReal) rmSync(this.filling);
    else if (service) limit(service, 'unlimited:');
  }

  remove(): void {
    // A database that is closed may hold its file until its statements are forgotten.
    if (this.isReal) execFileSync('umount', ['--lazy', this.path]);
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
