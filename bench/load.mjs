import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';

/**
 * Drives a server over raw sockets that are kept alive; each connection sends its next request when the last one
 * was answered. Parses no more of an answer than its status and length, so that it leaves the processor to the server.
 * @param source next(connection) is the text of the next request, undefined when there is no more;
 *   answered(connection, status, answer) hears of each answer
 * @param limits connections, and milliseconds after which no new request is sent (none: until the source is empty)
 * @returns answers a second, latencies in milliseconds in rising order, the number of answers that were no success
 */
export async function drive(port, source, { connections, milliseconds = Infinity }) {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  await Promise.all(sockets.map(accepted));
  const latencies = [];
  let failures = 0;
  const start = performance.now();
  const answered = (connection, status, answer, latency) => {
    latencies.push(latency);
    if (status < 200 || status > 299) failures += 1;
    source.answered?.(connection, status, answer);
  };
  try {
    await Promise.all(
      sockets.map((socket, connection) =>
        converse(
          socket,
          () => (performance.now() - start < milliseconds ? source.next(connection) : undefined),
          (status, answer, latency) => answered(connection, status, answer, latency),
        ),
      ),
    );
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  const seconds = (performance.now() - start) / 1000;
  return { rate: latencies.length / seconds, latencies: latencies.sort((a, b) => a - b), failures };
}

/** Like `drive`, of a server that was started here; adds the processor time it took for an answer, in microseconds. */
export async function load(server, source, limits) {
  const before = server.cpu();
  const result = await drive(server.port, source, limits);
  const taken = before === undefined ? undefined : (server.cpu() - before) / result.latencies.length;
  return { ...result, cpu: taken };
}

/** Sends all requests and collects the answers in their order. @throws for the first answer that is no success */
export async function requestAll(port, requests, connections = 32) {
  const answers = [];
  const indexes = [];
  let sent = 0;
  const next = (connection) => requests[(indexes[connection] = sent++)];
  const answered = (connection, status, answer) => {
    if (status < 200 || status > 299)
      throw new Error(`${requests[indexes[connection]].split('\r\n', 1)[0]} was answered:\n${answer}`);
    answers[indexes[connection]] = answer;
  };
  await drive(port, { next, answered }, { connections });
  return answers;
}

/** The text of a request; the path is sent as it is. */
export function request(method, path, headers, body) {
  const length =
    body === undefined ? '' : `content-type: application/json\r\ncontent-length: ${body.length}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${headers}${length}\r\n${body ?? ''}`;
}

export function bodyOf(answer) {
  return answer.slice(answer.indexOf('\r\n\r\n') + 4);
}

/** The headers of an answer, but for those that node:http writes by itself. */
export function extraHeaders(answer) {
  const lines = answer.slice(0, answer.indexOf('\r\n\r\n')).split('\r\n').slice(1);
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.split(': ')[1]]);
  return Object.fromEntries(headers.filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name)));
}

function open(port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/**
 * Resolves when the server answered a first request, whatever it said. Node accepts one connection in a turn of its
 * event loop (libuv 1.46): of 64 that come at once to a server under load the last one waits for 64 turns.
 */
function accepted(socket) {
  let asked = false;
  const once = () => {
    if (asked) return undefined;
    asked = true;
    return request('GET', '/', '');
  };
  return converse(socket, once, () => {}).finally(() => socket.removeAllListeners());
}

function converse(socket, next, answered) {
  return new Promise((resolve, reject) => {
    let received = '';
    let sentAt = 0;
    const send = () => {
      const text = next();
      if (text === undefined) return resolve();
      sentAt = performance.now();
      socket.write(text, 'latin1');
    };
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('The server closed a connection')));
    socket.on('data', (chunk) => {
      received += chunk.latin1Slice();
      const end = received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const [, length] = /\r\ncontent-length: (\d+)/i.exec(received) ?? [];
      try {
        if (length === undefined) throw new Error(`An answer without a length:\n${received.slice(0, end)}`);
        if (received.length < end + 4 + Number(length)) return;
        const answer = received;
        received = '';
        answered(Number(answer.slice(9, 12)), answer, performance.now() - sentAt);
        send();
      } catch (error) {
        reject(error);
      }
    });
    send();
  });
}
