// Prints every event of an account once, in order, and goes on from where it was stopped.
// MUSTER_URL=http://127.0.0.1:3000 API_KEY=… node examples/feed-reader.mjs cursor.txt
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

const { MUSTER_URL: url = 'http://127.0.0.1:3000', API_KEY: key = '' } = process.env;
const [file = 'cursor.txt'] = process.argv.slice(2);

let cursor = kept();
for (;;) {
  const after = cursor === undefined ? '' : `&after=${cursor}`;
  const answer = await fetch(`${url}/api/v2/events?limit=1000&wait=30${after}`, {
    headers: { authorization: `Bearer ${key}` },
  }).catch(() => undefined);
  // A connection that ends in the middle of an answer is no answer.
  const text = await answer?.text().catch(() => undefined);
  if (text === undefined || answer.status === 429 || answer.status >= 500) {
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    continue;
  }
  if (!answer.ok) throw new Error(text);
  const { events, next } = JSON.parse(text);
  for (const event of events) console.log(JSON.stringify(event));
  // Only now: an event that was not handled comes again. What is handled twice has the same id.
  if (next !== cursor) keep((cursor = next));
}

function kept() {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function keep(value) {
  writeFileSync(`${file}.new`, String(value));
  renameSync(`${file}.new`, file);
}
