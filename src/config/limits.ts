import * as kinds from './kinds.js';
import type { Setting } from './setting.js';

/** How much callers may ask of one instance. */
export const limits = {
  rateLimit: {
    name: 'RATE_LIMIT',
    kind: kinds.positiveNumber,
    meaning: 'requests a second that this instance accepts from a company and its client accounts',
    without: 'no limit',
  },
  openRateLimit: {
    name: 'MUSTER_OPEN_RATE_LIMIT',
    kind: kinds.positiveNumber,
    meaning: 'requests a second from one address to each route that asks for no credential',
    default: '50',
  },
  maxConnections: {
    name: 'MUSTER_MAX_CONNECTIONS',
    kind: kinds.countFromTwo,
    meaning: 'connections open at a time, half of them at most from one address',
    default: '2000',
  },
  requestSeconds: {
    name: 'MUSTER_REQUEST_SECONDS',
    kind: kinds.positiveNumber,
    meaning: 'seconds within which a request must have arrived as a whole',
    default: '30',
  },
  mailsOfCompany: {
    name: 'MUSTER_MAILS_PER_COMPANY',
    kind: kinds.countFromTwo,
    meaning: 'mails an hour that a company and its client accounts may ask for',
    default: '100',
  },
  mailsOfAddress: {
    name: 'MUSTER_MAILS_PER_ADDRESS',
    kind: kinds.countFromTwo,
    meaning: 'mails an hour that may be asked for to one e-mail address',
    default: '10',
  },
  streams: {
    name: 'MUSTER_STREAMS',
    kind: kinds.wholeNumber,
    meaning: 'streams of events and requests waiting for some that this instance has open at most',
    default: '2000',
  },
  streamsPerCompany: {
    name: 'MUSTER_STREAMS_PER_COMPANY',
    kind: kinds.wholeNumber,
    meaning: 'how many of them a company and its client accounts may have',
    default: '1000',
  },
  largeReads: {
    name: 'MUSTER_LARGE_READS_PER_COMPANY',
    kind: kinds.countFromTwo,
    meaning:
      'reads of the past and of the log, exports, and answers with `full` that a company and its client accounts ' +
      'may have under way at a time, half of them exports',
    default: '4',
  },
} as const satisfies Readonly<Record<string, Setting<unknown>>>;
