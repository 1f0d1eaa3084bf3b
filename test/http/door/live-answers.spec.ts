import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { readConfig } from '../../../src/config/config.js';
import { LiveAnswers } from '../../../src/http/door/live-answers.js';

const MIB = 1024 * 1024;

/** An answer whose reader takes what it is told to. */
class GivenAnswer extends EventEmitter {
  closed = false;
  writableNeedDrain = true;
  readonly socket = { bytesWritten: 0 };

  get reply(): FastifyReply {
    return { raw: this, header: () => undefined } as unknown as FastifyReply;
  }

  destroy(): void {
    this.closed = true;
    this.emit('close');
  }
}

const live = () => new LiveAnswers(readConfig({ MUSTER_DATA_DIR: '/nowhere' }));

test('a reader that takes nothing is cut off after 30 seconds, and one that reads is not', () => {
  const [answers, stuck, reading] = [live(), new GivenAnswer(), new GivenAnswer()];
  const signal = answers.open(stuck.reply, 'acme', () => 0);
  answers.open(reading.reply, 'acme', () => 0);
  for (let second = 0; second < 30; second += 1) {
    reading.socket.bytesWritten += 1;
    answers.look(second * 1_000);
  }
  expect([stuck.closed, answers.count]).toEqual([false, 2]);
  reading.socket.bytesWritten += 1;
  answers.look(30_000);
  expect([stuck.closed, signal.aborted, reading.closed, answers.count]).toEqual([true, true, false, 1]);
  reading.destroy();
});

test('a reader that takes nothing is cut off at once when it is 1 MiB behind', () => {
  const [answers, stuck] = [live(), new GivenAnswer()];
  let written = 0;
  answers.open(stuck.reply, 'acme', () => written);
  answers.look(1_000);
  written = MIB - 1;
  answers.look(2_000);
  expect(stuck.closed).toBe(false);
  written = MIB;
  answers.look(3_000);
  expect([stuck.closed, answers.count]).toEqual([true, 0]);
});
