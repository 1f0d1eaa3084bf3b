import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createApp, listen } from '../../../src/app.js';
import { Lifecycle } from '../../../src/application/lifecycle.js';
import { AuditLog } from '../../../src/audit/audit-log.js';
import { readConfig } from '../../../src/config/config.js';
import { Rejection } from '../../../src/domain/rejection.js';
import { createLog } from '../../../src/json-logger.js';
import { Projector } from '../../../src/read/projector.js';
import { adminKey } from '../../support/api-client.js';
import { DataDirectories, ServiceProcess } from '../../support/process.js';
import { oldAccount as account, writeLog } from './old-log.js';
import { pause } from '../../support/pause.js';

const data = new DataDirectories();
const settings = { PORT: '0', MUSTER_ADMIN_API_KEY: adminKey, MUSTER_ADMIN_PASSWORD: 'admin-password' };

beforeAll(() => writeLog(data.at('log'), 3_000));
afterEach(() => ServiceProcess.killAll());
afterAll(() => data.remove());

/** Waits for a file that nobody tells of. */
async function comes(isThere: () => boolean): Promise<void> {
  for (let turn = 0; !isThere(); turn += 1) {
    if (turn > 6_000) throw new Error('Waited in vain');
    await pause();
  }
}

const isDatabase = (path: string) =>
  existsSync(path) && readFileSync(path).toString('latin1', 0, 15) === 'SQLite format 3';

test('an older log is told of from its first event to the last write', async () => {
  const config = readConfig({ ...settings, LOG_LEVEL: 'silent', MUSTER_DATA_DIR: data.at('log') });
  const app = await createApp(config, createLog(config.logLevel));
  await listen(app, config);
  await app.get(Lifecycle).started;
  const [audit, projector] = [app.get(AuditLog), app.get(Projector)];
  const query = { filters: [], order: 'asc' } as const;
  const count = async () => {
    let events = 0;
    const at = { account, revision: projector.revisionOf(account) };
    for await (const { rows } of audit.export(at, query)) events += rows.length;
    return events;
  };
  const before = projector.revisionOf(account);
  // On a busy machine the index may take longer than a question waits.
  let counted: number | undefined;
  while (counted === undefined)
    counted = await count().catch((error: unknown) => {
      if (error instanceof Rejection && error.code === 'unavailable') return undefined;
      throw error;
    });
  expect(counted).toBe(before + 1);
  await app.close();
  expect(isDatabase(data.at('log/audit.db'))).toBe(true);
});

test('a service whose audit index is damaged starts, serves and makes it anew by itself', async () => {
  const path = data.at('log/audit.db');
  writeFileSync(path, 'this is no database');
  const { service } = await ServiceProcess.start({ ...settings, MUSTER_DATA_DIR: data.at('log') });
  await comes(() => isDatabase(path));
  expect(await service.stop()).toBe(0);
  expect(service.log.filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
});
