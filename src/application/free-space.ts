import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { freeBytes } from '../event-store/room.js';

const INTERVAL_MS = 10_000;
const MEGABYTE = 1024 * 1024;
/** So much more than the least must be free until there is room again: at the limit nothing is told over and over. */
const RELIEF = 1.1;

/** What is kept on a disk of its own, or on one with others. */
interface Volume {
  readonly name: 'log' | 'views';
  readonly path: string;
}

/** Watches the room on the disks of the log and the views, and warns before it is used up. */
@Injectable()
export class FreeSpace implements BeforeApplicationShutdown {
  private readonly logger = new Logger(FreeSpace.name);
  /** None where nothing is kept on a disk of this machine. */
  private readonly volumes: readonly Volume[];
  private readonly least: number;
  /** By the disk: what was told. */
  private low = new Map<number, string>();

  private readonly timer = setInterval(() => this.warnings(), INTERVAL_MS).unref();

  constructor(@Inject(CONFIG) config: Config) {
    this.volumes = volumesOf(config);
    this.least = config.freeMegabytes * MEGABYTE;
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** The room that is left, in bytes; nothing of a disk of which the system does not tell. */
  get free(): readonly { readonly volume: Volume['name']; readonly bytes: number }[] {
    const all = this.volumes.map(({ name, path }) => ({ volume: name, bytes: freeBytes(path) }));
    return all.filter(({ bytes }) => bytes < Infinity);
  }

  /** Looks at the disks now. @returns a sentence for each that has too little room; each is told of in the log, too */
  warnings(): readonly string[] {
    const low = new Map<number, string>();
    for (const [disk, volumes] of this.byDisk()) {
      const [first] = volumes;
      const free = first ? freeBytes(first.path) : Infinity;
      if (free >= this.least * (this.low.has(disk) ? RELIEF : 1)) continue;
      const names = volumes.map(({ name }) => `the ${name}`).join(' and ');
      low.set(disk, `Only ${Math.floor(free / MEGABYTE)} MB are free on the disk of ${names}`);
    }
    for (const [disk, text] of low)
      if (!this.low.has(disk))
        this.logger.warn(`${text}; make room before it is full (MUSTER_FREE_SPACE_MB is when this is told)`);
    for (const [disk, text] of this.low)
      if (!low.has(disk)) this.logger.log(text.replace(/^.* free on/, 'There is room again on'));
    this.low = low;
    return [...low.values()];
  }

  private byDisk(): Map<number, Volume[]> {
    const disks = new Map<number, Volume[]>();
    for (const volume of this.volumes) {
      const disk = statSync(volume.path, { throwIfNoEntry: false })?.dev;
      if (disk === undefined) continue;
      const others = disks.get(disk);
      if (others) others.push(volume);
      else disks.set(disk, [volume]);
    }
    return disks;
  }
}

function volumesOf({
  eventStore,
  dataDirectory,
}: Pick<Config, 'eventStore' | 'dataDirectory'>): readonly Volume[] {
  if (eventStore === 'memory') return [];
  const views: Volume = { name: 'views', path: join(dataDirectory, 'views.db') };
  if (eventStore !== 'sqlite') return [views];
  return [{ name: 'log', path: join(dataDirectory, 'events.db') }, views];
}
