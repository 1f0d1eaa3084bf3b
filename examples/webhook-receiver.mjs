// Receives webhooks, verifies their signatures by the shared secret, and prints each event once.
// npm install standardwebhooks; WEBHOOK_SECRET=whsec_… PORT=4000 node examples/webhook-receiver.mjs
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const { WEBHOOK_SECRET: secret = '', PORT: port = '4000' } = process.env;
const webhook = new Webhook(secret);

// An event can come twice. A table with a unique key, written together with what the event changes, forgets nothing.
const seen = new Set();

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    // What is verified are the bytes as they came. It also refuses what is older than five minutes.
    const event = webhook.verify(Buffer.concat(chunks), request.headers);
    if (!seen.has(event.id)) console.log(JSON.stringify(event));
    // Only now: an event that was not handled must come again.
    seen.add(event.id);
    if (seen.size > 100_000) seen.delete(seen.values().next().value);
    response.writeHead(204).end();
  } catch (error) {
    response.writeHead(400, { 'content-type': 'text/plain' }).end(`${error.message}\n`);
  }
}).listen(Number(port), '127.0.0.1', () => console.error(`Waits at http://127.0.0.1:${port}`));
