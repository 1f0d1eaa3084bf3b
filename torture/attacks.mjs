import { connect } from 'node:net';
import { get } from 'node:http';
import { basic, bearer, Caller } from './call.mjs';

const BODY_BYTES = 512 * 1024;
const names = (count, length) =>
  JSON.stringify(Array.from({ length: count }, (_, n) => n.toString(36).padEnd(length, '.x')));
// Written once: the attackers share the machine with the service.
const [many, longest, one, other] = [
  names(64_000, 5),
  names(2_000, 250),
  names(1_500, 250),
  names(1_501, 250),
];
/** How many streams are open at a time that nobody reads. */
const MOST_STREAMS = 100;

/**
 * The attacks: what each sends as one step, and how many of its steps are under way at once.
 * `scene` is what the operator has opened: port, attackers and the victim, each with key, email, password and user id.
 */
export function attacksOn(scene) {
  const { port, mallory, eve, victim } = scene;
  const callers = [];
  const caller = (headers, connections) => {
    const made = new Caller(port, { headers, connections });
    callers.push(made);
    return made;
  };
  const own = caller(bearer(mallory.key), 12);
  const weak = caller(bearer(scene.memberKey), 6);
  const eves = caller(bearer(eve.key), 6);
  const anonymous = caller({}, 80);
  let count = 0;
  const next = () => (count += 1);
  const exporting = caller(bearer(mallory.key), 12);
  const sockets = new Set();
  const streams = new Set();

  const attacks = {
    'lists of 64,000 permissions': [
      2,
      () => own.call('POST', '/api/v2/groups', `{"name":"many ${next()}","permissions":${many}}`),
    ],
    'lists as long as they may be': [
      1,
      () => own.call('POST', '/api/v2/groups', `{"name":"full ${next()}","permissions":${longest}}`),
    ],
    'the same list in turns': [
      1,
      () =>
        own.call(
          'PUT',
          `/api/v2/groups/${scene.groups[0]}`,
          `{"permissions":${next() % 2 === 0 ? one : other}}`,
        ),
    ],
    'what a member of large groups may do': [
      3,
      () => {
        const paths = ['/api/1.0/profile', '/api/1.0/users?full=true', '/api/1.0/groups?full=true'];
        const permissions = `/api/v2/users/${scene.member}/effective-permissions`;
        const path = [...paths, '/api/1.0/clients?full=true', permissions][next() % 5];
        return weak.call(
          'GET',
          path,
          undefined,
          path.startsWith('/api/1.0') ? { 'kf-api-key': scene.memberKey } : {},
        );
      },
    ],
    'guesses at an address of many accounts': [
      6,
      () => anonymous.call('GET', '/api/1.0/profile', undefined, basic(scene.shared, `guess-${next()}`)),
    ],
    'guesses at the address of the victim': [
      6,
      () =>
        anonymous.call(
          'GET',
          '/api/1.0/profile',
          undefined,
          basic(`x${next()}@${victim.domain}`, 'guess-guess'),
        ),
    ],
    'sign-ins of nobody': [
      40,
      () =>
        anonymous.call('GET', '/api/1.0/users', undefined, basic(`${next()}@nobody.example`, 'guess-guess')),
    ],
    'large bodies without a credential': [
      4,
      () =>
        anonymous.call(
          'POST',
          '/api/v2/password',
          `{"token":"x","password":"${'x'.repeat(BODY_BYTES - 64)}"}`,
        ),
    ],
    'new users with passwords': [
      8,
      () =>
        eves.call(
          'POST',
          '/api/1.0/users',
          {
            first_name: 'E',
            last_name: 'E',
            email: `e${next()}@eve.example`,
            roles: [scene.role],
            password: 'x'.repeat(40),
          },
          { 'kf-api-key': eve.key },
        ),
    ],
    'mails to one user': [
      2,
      () => eves.call('POST', `/api/1.0/users/${eve.user}/@/reset-password`, {}, { 'kf-api-key': eve.key }),
    ],
    'methods and paths that there are not': [
      2,
      () => anonymous.call(['PURGE', 'PROPFIND', 'LINK', 'TRACE'][next() % 4], `/api/v2/x${next()}`),
    ],
    'reads of the whole log': [
      1,
      () =>
        own.call(
          'GET',
          ['/api/v2/audit?limit=1000', '/api/v2/access-review', '/api/v2/audit?q=full'][next() % 3],
        ),
    ],
    'lists of everything in them': [
      4,
      () => {
        const key = { 'kf-api-key': mallory.key };
        const v1 = ['/groups/', '/roles/'].map(
          (path, kind) => `/api/1.0${path}${[scene.groups[1], scene.role][kind]}?full=true`,
        );
        const paths = [...v1, '/api/2', `/api/1.0/users?full=true&include_groups=true&include_roles=true`];
        const path = paths[next() % paths.length];
        return path === '/api/2'
          ? own.call('GET', '/api/v2/groups?limit=100')
          : own.call('GET', path, undefined, key);
      },
    ],
    'exports at the same time': [
      4,
      () =>
        exporting.call('GET', '/api/v2/audit', undefined, {
          accept: next() % 2 === 0 ? 'application/x-ndjson' : 'text/csv',
        }),
    ],
    'comparisons, counts and the past': [
      3,
      () => {
        const paths = ['/api/v2/diff?from=0', '/api/v2/audit/stats?by=actor', '/api/v2/groups?as_of=20'];
        const more = [
          '/api/v2/events?limit=1000&q=full',
          '/api/v2/events?limit=1000',
          '/api/v2/events?wait=5&q=no',
        ];
        return exporting.call('GET', [...paths, ...more][next() % 6]);
      },
    ],
    'streams that nobody reads': [1, () => unread(port, mallory.key, streams)],
    'requests that do not end': [2, () => unended(port, sockets)],
  };
  const close = () => {
    for (const one of callers) one.close();
    for (const socket of [...sockets, ...streams]) socket.destroy();
  };
  return { attacks, close };
}

/** Opens streams of events from the first one on whose bytes nobody takes. */
function unread(port, key, streams) {
  return new Promise((resolve) => {
    const done = (status) => setTimeout(() => resolve({ status, ms: 0 }), 100);
    if (streams.size >= MOST_STREAMS) {
      done(0);
      return;
    }
    const headers = { ...bearer(key), accept: 'text/event-stream' };
    const sent = get({ port, host: '127.0.0.1', path: '/api/v2/events', headers, agent: false }, (answer) => {
      answer.pause();
      answer.on('error', () => undefined);
      done(answer.statusCode);
    });
    streams.add(sent);
    sent.on('error', () => done(0));
    sent.on('close', () => streams.delete(sent));
  });
}

/** Opens connections that send a part of a body, up to 300 at a time. */
function unended(port, sockets) {
  return new Promise((resolve) => {
    if (sockets.size >= 300) {
      setTimeout(() => resolve({ status: 0, ms: 0 }), 250);
      return;
    }
    const socket = connect({ port, host: '127.0.0.1' });
    sockets.add(socket);
    socket.on('connect', () => {
      socket.write(
        `POST /api/v2/password HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500000\r\n\r\n${'{'.padEnd(60_000)}`,
      );
      resolve({ status: 0, ms: 0 });
    });
    const end = () => {
      sockets.delete(socket);
      resolve({ status: 0, ms: 0 });
    };
    socket.on('error', end);
    socket.on('close', end);
  });
}
