import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer } from '../support/api-client.js';
import { RunningApp } from '../support/app.js';
import { play, stepsOf } from '../support/http-file.js';

let app: RunningApp;
beforeAll(async () => {
  app = await RunningApp.start();
});
afterAll(() => app.stop());

const files = readdirSync('examples').filter((name) => name.endsWith('.http'));

describe.each(files)('examples/%s', (file) => {
  const { variables, steps } = stepsOf(readFileSync(`examples/${file}`, 'utf8'));
  const answers = new Map<string, Answer>();

  it.each(steps)('$title: $expectedStatus', async (step) => {
    const answer = await play(app, step, variables, answers);
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: step.expectedStatus,
      text: answer.text,
    });
  });
});
