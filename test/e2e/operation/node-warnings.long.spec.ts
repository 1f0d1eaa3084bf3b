import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { DataDirectories, ServiceProcess } from '../../support/process.js';

const data = new DataDirectories();
afterEach(() => ServiceProcess.killAll());
afterAll(() => data.remove());

test('a warning of Node itself is a line of the log, and nothing on standard error', async () => {
  mkdirSync(data.at('.'), { recursive: true });
  const script = join(data.at('.'), 'warn.cjs');
  const warning = `process.emitWarning('Something is odd', { type: 'OddWarning', code: 'ODD001' })`;
  writeFileSync(script, `process.on('SIGUSR2', () => ${warning})`);
  const { service } = await ServiceProcess.start({
    ...{ EVENT_STORE: 'memory', MUSTER_ADMIN_API_KEY: 'k'.repeat(40), MUSTER_ADMIN_PASSWORD: 'p'.repeat(40) },
    NODE_OPTIONS: `--require ${script}`,
  });
  service.signal('SIGUSR2');
  await service.says('Something is odd');
  expect(await service.stop()).toBe(0);
  const line = service.log.find(({ message }) => message === 'Something is odd');
  expect(line).toMatchObject({ level: 'warn', context: 'Node', name: 'OddWarning', code: 'ODD001' });
  expect(service.stderr).not.toContain('Something is odd');
});
