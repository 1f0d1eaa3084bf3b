import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** What Node calls the faults that have a status of their own. */
const known: Readonly<Record<string, readonly [status: number, detail: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not end in time'],
  HPE_HEADER_OVERFLOW: [431, 'The address and the headers together are too long'],
};

/** Answers what cannot be read as a request of HTTP, which no hook and no route sees, and closes the connection. */
export function refuseUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  const code = error.code ?? '';
  // Another fault is one of the connection. Whatever was written then would answer a request that can be read.
  const isOfRequest = code in known || code.startsWith('HPE_');
  if (isOfRequest && socket.writable) socket.write(answerTo(code));
  socket.destroy(error);
}

function answerTo(code: string): string {
  const [status, detail] = known[code] ?? [400, `This is not a valid HTTP/1.1 request (${code})`];
  const title = STATUS_CODES[status] ?? 'Error';
  const body = JSON.stringify({ type: 'about:blank', title, status, detail, code: 'bad_request' });
  return [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
