import type { Logger } from 'pino';

/** Warnings of Node itself from before there was a log for them. */
const early: Error[] = [];
let take = (warning: Error): unknown => early.push(warning);

// Node would write them to standard error, amid what is for a person there.
process.removeAllListeners('warning');
process.on('warning', (warning) => take(warning));

/** Has Node's own warnings written into the log, as objects like all else. */
export function logWarnings(log: Logger): void {
  take = ({ name, message, stack, ...more }) => {
    const code = 'code' in more ? String(more.code) : undefined;
    log.warn({ context: 'Node', name, code, stack }, message);
  };
  early.splice(0).forEach(take);
}
