import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { AuditIndex } from '../../src/audit/index/audit-index.js';
import { testIndex, TestSource } from '../support/audit.js';
import { until } from '../support/views.js';
import { company, page } from './small-company.js';

Logger.overrideLogger(false);

/** Of a service that is busy at first. */
class BusySource extends TestSource {
  override busy = true;
  /** How often it was asked whether the service is busy. */
  looks = 0;
  override isBusy(): Promise<boolean> {
    this.looks += 1;
    return super.isBusy();
  }
}

let source: BusySource;
let index: AuditIndex;
async function begin(events: number): Promise<void> {
  source = new BusySource(await company(events));
  index = testIndex(source);
  index.note([['one', events - 1]]);
}

describe('while requests keep the service busy', () => {
  beforeEach(() => begin(1_200));
  afterEach(() => index.stop());

  test('what nobody asks for is not indexed', async () => {
    await until(() => source.looks > 1);
    expect(source.reads).toEqual([]);
  });

  test('a question has its account indexed, and finds what was written', async () => {
    await until(() => source.looks > 0);
    expect(await page(index, 'one', 1_199)).toHaveLength(1_000);
    expect(source.reads).not.toEqual([]);
  });

  test('the rest is indexed as soon as there is time', async () => {
    await until(() => source.looks > 0);
    source.busy = false;
    await until(() => source.reads.length > 1);
  });
});

test('an account that is far behind is indexed all the same, until it is no longer', async () => {
  await begin(15_600);
  await until(() => source.reads.length > 0);
  const looks = source.looks;
  await until(() => source.looks > looks + 4);
  expect(source.reads.length).toBeLessThan(10);
  await index.stop();
});
