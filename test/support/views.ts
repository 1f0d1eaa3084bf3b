import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import { Execute } from '../../src/application/execute.js';
import type { EventStore } from '../../src/event-store/event-store.js';
import { prepare } from '../../src/event-store/sqlite.js';
import type { PageRequest } from '../../src/read/page.js';
import type { Moment } from '../../src/read/moment.js';
import { Projector } from '../../src/read/projector.js';
import type { AnswerTo, Asked } from '../../src/read/questions.js';
import { Views } from '../../src/read/views.js';
import { factColumns, factTables, selectRows } from '../../src/read/views-rows.js';

Logger.overrideLogger(false);

export const firstPage: PageRequest = { limit: 100, offset: 0 };

/** What one process consists of, without its doors. */
export class Instance {
  private constructor(
    readonly store: EventStore,
    readonly views: Views,
    readonly projector: Projector,
    readonly execute: Execute,
  ) {}

  /** @param path of the views' file; views in memory without one */
  static async start(store: EventStore, path = ':memory:', now?: () => Date): Promise<Instance> {
    const instance = Instance.prepare(store, path, now);
    await instance.projector.start();
    return instance;
  }

  /** An instance whose projector was not started yet. */
  static prepare(store: EventStore, path = ':memory:', now?: () => Date): Instance {
    const views = Views.open(path);
    const projector = new Projector(store, views);
    const project: ConstructorParameters<typeof Execute>[1] = (id, records) => projector.apply(id, records);
    const execute = new Execute(store, project, views.tree, undefined, now);
    return new Instance(store, views, projector, execute);
  }

  async stop(): Promise<void> {
    await this.execute.close();
    await this.projector.stop();
  }

  now(account: string): Moment {
    return this.views.moments.now(account);
  }

  ask<Some extends Asked>(query: Some): AnswerTo<Some> {
    return this.views.answers.to(query);
  }

  /** Waits until the views have come to a revision of an account. */
  reached(account: string, revision: number): Promise<void> {
    return until(() => this.views.checkpoints.revisionOf(account) >= revision);
  }
}

/** Waits for something that no promise tells of, but not for ever: what waits outlives a test that has timed out. */
export async function until(isTrue: () => boolean): Promise<void> {
  for (let turn = 0; !isTrue(); turn += 1) {
    if (turn > 20_000) throw new Error('Waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** The views as a rebuild from the log makes them. */
export async function rebuilt(store: EventStore): Promise<string[]> {
  const instance = await Instance.start(store);
  const rows = dump(instance.views);
  await instance.stop();
  return rows;
}

/** Every row that holds facts, with ids for their numbers, in an order of its own: equal views have equal dumps. */
export function dump({ database: { database } }: Views): string[] {
  const rows = factTables(database).flatMap((table) =>
    prepare<object>(database, selectRows(table, factColumns(database, table)))
      .all()
      .map((row) => `${table} ${JSON.stringify(row)}`),
  );
  return rows.sort();
}

/** Runs with a directory of its own, which is gone afterwards. */
export async function inDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'muster-views-'));
  try {
    await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Makes a statement fail in the views, as a full disk does; the function returned repairs it. */
export function breakWrites(
  { database }: Views,
  table: string,
  when: string,
  how: 'ABORT' | 'ROLLBACK' = 'ABORT',
): () => void {
  database.commit();
  const fail = `WHEN ${when} BEGIN SELECT RAISE(${how}, 'disk full'); END`;
  for (const change of ['INSERT', 'UPDATE'])
    database.database.exec(`CREATE TEMP TRIGGER fault_${change} BEFORE ${change} ON "${table}" ${fail}`);
  return () => {
    database.commit();
    for (const change of ['INSERT', 'UPDATE']) database.database.exec(`DROP TRIGGER fault_${change}`);
  };
}
