// Receives webhooks, verifies their signatures v1a by public keys alone, and prints each event once. It knows no secret.
// PUBLIC_KEY_URL=http://127.0.0.1:3000/api/v2/webhooks/…/keys PORT=4000 node examples/webhook-receiver-v1a.mjs
import { createPublicKey, verify } from 'node:crypto';
import { createServer } from 'node:http';

const { PUBLIC_KEY_URL: keysUrl = '', PORT: port = '4000' } = process.env;
const TOLERANCE_S = 300;
const ASK_AGAIN_MS = 60_000;

let [keys, askedAt] = [[], -Infinity];

/** Asks for the keys again when none of them fits: they may have been rotated. */
async function isSigned(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signatures = '' } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(time)) <= TOLERANCE_S)) return false;
  const content = Buffer.concat([Buffer.from(`${id}.${time}.`), body]);
  const sent = signatures.split(' ').filter((one) => one.startsWith('v1a,'));
  const fits = (key) => sent.some((one) => verify(null, content, key, Buffer.from(one.slice(4), 'base64')));
  if (keys.some(fits)) return true;
  if (Date.now() - askedAt < ASK_AGAIN_MS) return false;
  const answer = await fetch(keysUrl);
  if (!answer.ok) throw new Error(`${keysUrl} answers ${answer.status}`);
  keys = (await answer.json()).keys.map(publicKey);
  askedAt = Date.now();
  return keys.some(fits);
}

/** `whpk_` and the 32 bytes of an ed25519 key. */
function publicKey(text) {
  const x = Buffer.from(text.replace(/^whpk_/, ''), 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

// An event can come twice. A table with a unique key, written together with what the event changes, forgets nothing.
const seen = new Set();

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  try {
    if (!(await isSigned(request.headers, body))) return void response.writeHead(400).end('Not signed\n');
    const event = JSON.parse(body);
    if (!seen.has(event.id)) console.log(JSON.stringify(event));
    // Only now: an event that was not handled must come again.
    seen.add(event.id);
    if (seen.size > 100_000) seen.delete(seen.values().next().value);
    response.writeHead(204).end();
  } catch (error) {
    // The keys cannot be read at present: the sender tries again.
    console.error(error.message);
    response.writeHead(503).end();
  }
}).listen(Number(port), '127.0.0.1', () => console.error(`Waits at http://127.0.0.1:${port}`));
