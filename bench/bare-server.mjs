// The baseline: node:http and nothing else, one process. Its parent sends the options and hears the port.
import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import { openViews } from './bare-queries.mjs';

process.once('disconnect', () => process.exit());
process.once('SIGTERM', () => process.exit());
process.once('message', (options) => {
  const handler = options.log === undefined ? readsFrom(options) : appendsTo(options);
  const server = createServer((request, response) =>
    request.url === '/' ? response.end() : handler(request, response),
  );
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
});

/**
 * `PUT …/users/{u}/groups/{g}`: checks by hand and writes a line for each request into a raw log, with group commit:
 * one write and one fdatasync for the requests of one turn of the event loop, answered when they are on the disk.
 * @param options log (a file), lineBytes, body and headers of the answer
 */
function appendsTo({ log, lineBytes, body, headers }) {
  const file = openSync(log, 'a');
  let lines = '';
  let waiting = [];
  const commit = () => {
    writeSync(file, lines);
    fdatasyncSync(file);
    const answers = waiting;
    lines = '';
    waiting = [];
    for (const response of answers) response.writeHead(200, headers).end(body);
  };
  return (request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      const [, , , resource, user, nested, group] = request.url.split(/[/?]/);
      const { can_edit } = JSON.parse(text);
      const isValid =
        resource === 'users' && nested === 'groups' && user && group && typeof can_edit === 'boolean';
      if (request.method !== 'PUT' || !isValid) return void response.writeHead(400).end();
      const line = JSON.stringify({ user, group, can_edit, time: new Date().toISOString() });
      if (waiting.length === 0) setImmediate(commit);
      lines += `${line.padEnd(lineBytes - 1)}\n`;
      waiting.push(response);
    });
  };
}

/**
 * `GET` of what `bare-queries.mjs` can answer from the service's own views.
 * @param options views (a file), company (an id), headers of the answers
 */
function readsFrom({ views, company, headers }) {
  const answerTo = openViews(views, company);
  return (request, response) => {
    const [, , , resource, id, nested] = request.url.split(/[/?]/);
    const query = request.url.includes('?') ? new URLSearchParams(request.url.split('?')[1]) : undefined;
    const body = JSON.stringify(answerTo(resource, query === undefined ? id : undefined, nested, query));
    response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
  };
}
