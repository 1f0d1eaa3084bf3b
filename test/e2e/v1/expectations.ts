import { expect } from '@jest/globals';
import { type Answer, pick } from '../../support/api-client.js';
import { type Call, revision } from '../../support/people.js';

/** The whole body of a success that carries nothing. */
export const done = { meta: { status: 200, success: true } };

/** The whole body of a success of the pages that show an empty `data`. */
export const doneWithData = { ...done, data: {} };

/** Expects a refusal in v1's form: status twice, code, a sentence, and no data. */
export function expectRefusal(answer: Answer, status: number, code: string): void {
  const meta = { success: false, status, error_code: code, error_desc: expect.stringMatching(/\S/) };
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body: { meta } });
}

/** Expects that an account is as it was after something was tried: nothing was appended to it. */
export async function expectNothingRecorded<Result>(
  call: Call,
  tried: () => Promise<Result>,
  client?: string,
): Promise<Result> {
  const before = await revision(call, client);
  expect(before).toMatch(/^\S+@\d+$/);
  const result = await tried();
  expect(await revision(call, client)).toBe(before);
  return result;
}

/** The rows of a list answer. */
export function rows(answer: Answer, name: string): Readonly<Record<string, unknown>>[] {
  const list = pick(answer, 'data', name);
  if (!Array.isArray(list)) throw new Error(`No list ${name} in ${answer.text}`);
  return list as Readonly<Record<string, unknown>>[];
}

/** The ids in a list answer, in its order. */
export function ids(answer: Answer, name: string): unknown[] {
  return rows(answer, name).map(({ id }) => id);
}

/** The row of a list answer with an id. */
export function rowOf(
  answer: Answer,
  name: string,
  id: string,
): Readonly<Record<string, unknown>> | undefined {
  return rows(answer, name).find((row) => row['id'] === id);
}
