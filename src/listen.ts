import { parseArgs } from 'node:util';
import {
  hmacKeyOf,
  newWebhookSecret,
  publicKeyOf,
  type WebhookSecret,
} from './application/webhook-secret.js';
import { FeedForwarder, ForwardingEnded } from './feed-forwarder.js';
import { NameLookUp } from './publish/webhooks/name-look-up.js';
import { WebhookRequests } from './publish/webhooks/webhook-request.js';
import { version } from './version.js';

const help = `Sends what happens in an account to a program of yours, as a webhook would: signed, in order, each event until
it is accepted. It reads the feed of a running service, which need not reach your machine.

  API_KEY=… npm run listen -- --forward http://127.0.0.1:4000

  --forward <address>    where events are sent by POST
  --server <address>     the service (MUSTER_URL, or http://127.0.0.1:3000)
  --key <API key>        of a user who may read the log; better as API_KEY, which others on the machine cannot see
  --types <names>        only these events, separated by commas; * stands for the rest of a name: User*,GroupDeleted
  --after <revision>     begins after this revision; absent: with what happens from now on
  --client-id <id>       a client account in place of the caller's own
  --secret <whsec_…>     signs with this secret (or WEBHOOK_SECRET); absent: with a new one, which is shown
  --help                 shows this
  --version              shows the version

Lines tell what became of each event, without what is in it. Ctrl-C ends it and names the revision to go on after.
Exit codes: 0 stopped, 1 the service or the receiver wants no more, 2 the command line is wrong.
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const options = {
  ...{ forward: text, server: text, key: text, types: text, after: text },
  ...{ 'client-id': text, secret: text, help: flag, version: flag },
};

class UsageError extends Error {}

process.exitCode = await run();

async function run(): Promise<number> {
  const stop = new AbortController();
  // Not once: npm passes on a Ctrl-C that the terminal has sent here as well.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop.abort());
  try {
    const { values } = parse();
    if (values.help === true) tell(help.trimEnd());
    else if (values.version === true) tell(version());
    else await forward(values, stop.signal);
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return 0;
    process.stderr.write(`${explain(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function parse() {
  try {
    return parseArgs({ options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function forward(values: ReturnType<typeof parse>['values'], signal: AbortSignal): Promise<void> {
  const to = addressIn('--forward', values.forward);
  const server = addressIn('--server', values.server ?? process.env['MUSTER_URL'] ?? 'http://127.0.0.1:3000');
  const key = values.key ?? process.env['API_KEY'];
  if (key === undefined) throw new UsageError('API_KEY is missing');
  if (values.after !== undefined && !/^\d{1,15}$/.test(values.after))
    throw new UsageError('--after must be a revision');
  const given = values.secret ?? process.env['WEBHOOK_SECRET'];
  const secret = secretWith(given);
  const filter = {
    ...(values.types === undefined ? {} : { types: values.types }),
    ...(values['client-id'] === undefined ? {} : { client_id: values['client-id'] }),
  };
  const of = { server: server.href.replace(/\/$/, ''), key, to, filter, secret };
  // A developer's own machine is where it is meant to send.
  const requests = new WebhookRequests(new NameLookUp({ allowPrivate: true }));
  const forwarder = new FeedForwarder(of, requests, tell);
  const [account, head = ''] = (await forwarder.head(signal)).split('@');
  let place = values.after ?? head;
  tell(`Account ${account}, after revision ${place}, to ${to.origin}`);
  if (given === undefined) tell(`Secret of the signatures v1: ${secret.v1}`);
  tell(`Public key of the signatures v1a: ${publicKeyOf(secret)}`);
  try {
    await forwarder.run(place, (cursor) => (place = cursor), signal);
  } finally {
    requests.close();
    tell(`All up to revision ${place} was accepted. --after ${place} goes on there`);
  }
}

/** The pair of keys is always a new one: its public half is shown. @throws UsageError */
function secretWith(given: string | undefined): WebhookSecret {
  const made = newWebhookSecret();
  if (given === undefined) return made;
  const secret = { ...made, v1: given };
  const { length } = hmacKeyOf(secret);
  if (/^whsec_[A-Za-z0-9+/]+=*$/.test(given) && length >= 24 && length <= 64) return secret;
  throw new UsageError('--secret must be whsec_ and 24 to 64 bytes as base64');
}

/** @throws UsageError */
function addressIn(name: string, value: string | undefined): URL {
  if (value === undefined) throw new UsageError(`${name} is missing`);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new UsageError(`${name} must be an address, http://… or https://…`);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}; --help shows what can be said`;
  if (error instanceof ForwardingEnded) return error.message;
  return `It failed:\n${error instanceof Error ? String(error.stack) : String(error)}`;
}
