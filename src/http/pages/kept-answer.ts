import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { negotiate } from '@fastify/accept-negotiator';
import type { FastifyReply, FastifyRequest } from 'fastify';

const compress = { br: promisify(brotliCompress), gzip: promisify(gzip) };
const codings = ['br', 'gzip', 'identity'] as const;

type Coding = (typeof codings)[number];

interface Forms {
  readonly bytes: Readonly<Record<Coding, Buffer>>;
  /** What the entity tags of all forms begin with. */
  readonly digest: string;
}

/** An answer that is the same for everybody: made at the first request for it, and kept with its compressed forms. */
export class KeptAnswer {
  private forms: Promise<Forms> | undefined;

  /** @param headers besides those that tell its form and its age */
  constructor(
    private readonly make: () => string | Buffer,
    private readonly headers: Readonly<Record<string, string>>,
  ) {}

  async send(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    this.forms ??= formsOf(Buffer.from(this.make()));
    const { bytes, digest } = await this.forms;
    const coding = codingFor(request.headers['accept-encoding']);
    const tag = `"${digest}-${coding}"`;
    void reply.headers({ 'cache-control': 'no-cache', ...this.headers, vary: 'Accept-Encoding', etag: tag });
    if (isKnown(tag, request.headers['if-none-match'])) return reply.status(304).send();
    if (coding !== 'identity') void reply.header('content-encoding', coding);
    return reply.send(bytes[coding]);
  }
}

async function formsOf(identity: Buffer): Promise<Forms> {
  // The best quality takes seconds for the largest of them.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
  const [br, zipped] = await Promise.all([compress.br(identity, { params }), compress.gzip(identity)]);
  const digest = createHash('sha256').update(identity).digest('base64url');
  return { bytes: { br, gzip: zipped, identity }, digest };
}

function codingFor(accepted: string | undefined): Coding {
  return (accepted === undefined ? null : negotiate(accepted.toLowerCase(), [...codings])) ?? 'identity';
}

/** Whether a header If-None-Match has the tag, by the weak comparison of RFC 9110 section 13.1.2. */
function isKnown(tag: string, header: string | undefined): boolean {
  const known = header?.split(',').map((one) => one.trim().replace(/^W\//, '')) ?? [];
  return known.includes(tag) || known.includes('*');
}
