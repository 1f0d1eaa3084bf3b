import { expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { inDirectory } from '../support/views.js';
import { testIndex, TestSource } from '../support/audit.js';
import { company, page } from './small-company.js';
import { join } from 'node:path';

Logger.overrideLogger(false);

test('X87: an account that needs too much memory is refused alone by the audit index, and not read again at once', async () => {
  await inDirectory(async (directory) => {
    const source = new TestSource(await company(200));
    const index = testIndex(source, { path: join(directory, 'audit.db'), mostBytes: 1_000 });
    await expect(page(index, 'one', 199)).rejects.toMatchObject({ code: 'account_too_large' });
    await index.stop();
  });
});
