import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeEach, expect, it } from '@jest/globals';
import { openDatabase } from '../../src/event-store/sqlite.js';
import { Writability } from '../../src/event-store/writability.js';
import { Scratch } from './log-files.js';

const scratch = new Scratch();
let path: string;
let heard: (string | undefined)[];
let recovered: Promise<void>;
let writability: Writability;
let count = 0;

/** Beside the file there is no room, as its directory is not there yet. */
beforeEach(() => {
  path = `${scratch.at(`later-${count++}`)}/later/events.db`;
  const database = openDatabase(':memory:');
  database.exec("CREATE TABLE log (id TEXT); INSERT INTO log VALUES ('one')");
  heard = [];
  recovered = new Promise((resolve) => {
    writability = new Writability(database, path, (trouble) => {
      heard.push(trouble);
      if (trouble === undefined) resolve();
    });
  });
});
afterAll(() => scratch.remove());

const full = () => Object.assign(new Error('database or disk is full'), { errcode: 13 });

it('an append that happens to fit does not end the trouble: room for the next ones does', async () => {
  writability.failed(full());
  writability.succeeded();
  writability.failed(full());
  expect(writability.trouble).toContain('make room on its disk');
  mkdirSync(dirname(path), { recursive: true });
  await recovered;
  expect(writability.trouble).toBe(undefined);
  expect(heard).toEqual([expect.stringContaining('cannot be written: '), undefined]);
  expect(existsSync(`${path}.room`)).toBe(false);
});

it('a doubt is found out about at once, without an append', async () => {
  writability.doubt();
  writability.doubt();
  expect(heard).toEqual([expect.stringContaining(`The event log ${path} cannot be written: ENOENT`)]);
  mkdirSync(dirname(path), { recursive: true });
  await recovered;
  writability.doubt();
  expect(heard).toHaveLength(2);
});

it('what is no trouble of the surroundings is over with the next append', () => {
  writability.failed(new Error('malformed'));
  writability.succeeded();
  expect(heard).toEqual([expect.stringContaining('malformed'), undefined]);
});
