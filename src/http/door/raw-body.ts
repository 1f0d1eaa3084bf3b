import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Rejection } from '../../domain/rejection.js';
import { apiOf } from './api.js';
import { BodyRoom } from './body-room.js';
import { atEndOf } from './end-of-answer.js';

/** The most bytes a request body may have: of a caller who is known, and of anybody. */
export const BODY_LIMIT = 512 * 1024;
const OPEN_BODY_LIMIT = 4 * 1024;

const utf8 = new TextDecoder('utf-8', { fatal: true });

interface BodyHeaders {
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
}

/** A request body as it came: it is judged only after the caller was. */
export class RawBody {
  constructor(
    private readonly mayBeOfAnyType: boolean,
    private readonly headers: BodyHeaders,
    /** Undefined when there were more than the limit. */
    private readonly bytes: Buffer | undefined,
    private readonly limit: number,
  ) {}

  /** How many bytes there are; more than the limit for what is too large. */
  get size(): number {
    return this.bytes?.length ?? Infinity;
  }

  /**
   * The body's text. Old clients name no content type, or a wrong one, and some APIs bear with them.
   * @throws Rejection payload_too_large, unsupported_media_type, bad_request when it is not UTF-8
   */
  text(): string {
    if (!this.bytes)
      throw new Rejection(
        'payload_too_large',
        `A request body may have ${this.limit / 1024} KB at most here`,
      );
    if (this.bytes.length === 0) return '';
    const { contentType, contentEncoding } = this.headers;
    if (isEncoded(contentEncoding))
      throw new Rejection(
        'unsupported_media_type',
        'The request body has a Content-Encoding; send it as it is, not compressed, and without that header',
      );
    const isJson = contentType === undefined || /^application\/(.+\+)?json\s*(;|$)/i.test(contentType);
    if (!isJson && !this.mayBeOfAnyType) throw new Rejection('unsupported_media_type');
    try {
      return utf8.decode(this.bytes);
    } catch {
      throw new Rejection('bad_request', 'The request body is not valid UTF-8');
    }
  }
}

/** Whether a header Content-Encoding names anything but `identity`, which says that nothing was done. */
function isEncoded(header = ''): boolean {
  return header.split(',').some((coding) => !/^\s*(identity)?\s*$/i.test(coding));
}

/** Makes the server collect every body, of whatever type, without looking at it. */
export function keepRawBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.decorateRequest('contentType', undefined);
  const room = new BodyRoom();
  server.addHook('onRequest', (request, reply, next) => {
    if (request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined)
      atEndOf(reply, () => room.give(request));
    // The server itself would refuse an odd content type before the caller is known.
    request.contentType = request.headers['content-type'];
    request.raw.headers['content-type'] = undefined;
    // Without one it would refuse QUERY, instead of saying that no route takes it.
    if (request.method === 'QUERY') request.raw.headers['content-type'] = 'application/json';
    next();
  });
  server.addContentTypeParser('*', (request, payload: Readable, done) => {
    const limit = request.payer === null ? OPEN_BODY_LIMIT : BODY_LIMIT;
    const { takesAnyContentType = true } = apiOf(request) ?? {};
    const { 'content-encoding': contentEncoding, 'content-length': length } = request.headers;
    const headers = { contentType: request.contentType, contentEncoding };
    const body = (bytes?: Buffer) => new RawBody(takesAnyContentType, headers, bytes, limit);
    if (Number(length) > limit) {
      // Nothing of it is kept; the server reads past what comes.
      done(null, body());
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    payload.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) chunks.length = 0;
      else if (room.take(request, chunk.length)) chunks.push(chunk);
      else {
        chunks.length = 0;
        payload.removeAllListeners('data').removeAllListeners('end').resume();
        done(new Rejection('rate_limited', 'Your company sends too much at once; try again shortly'));
      }
    });
    payload.on('end', () => done(null, body(size <= limit ? Buffer.concat(chunks) : undefined)));
    payload.on('error', () => done(new Rejection('bad_request', 'The request body broke off')));
  });
}
