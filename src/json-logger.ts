import type { LoggerService } from '@nestjs/common';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from './config/settings.js';
import { LogOutput } from './log-output.js';

/** The process's log: one JSON object a line on standard output. */
export function createLog(level: LogLevel, output = new LogOutput()): Logger {
  const options = { level, base: null, timestamp: stdTimeFunctions.isoTime, messageKey: 'message' };
  const log = pino({ ...options, formatters: { level: (label) => ({ level: label }) } }, output);
  output.onLost = (lines) => log.warn(`${lines} lines of this log could not be written and are lost`);
  return log;
}

/** Lets Nest and the service's own classes write into the same log. */
export class JsonLogger implements LoggerService {
  constructor(private readonly log_: Logger) {}

  log(message: unknown, context?: string): void {
    this.write('info', message, context);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest.at(-1));
  }

  warn(message: unknown, context?: string): void {
    this.write('warn', message, context);
  }

  debug(message: unknown, context?: string): void {
    this.write('debug', message, context);
  }

  fatal(message: unknown, context?: string): void {
    this.write('fatal', message, context);
  }

  private write(
    level: 'info' | 'error' | 'warn' | 'debug' | 'fatal',
    message: unknown,
    context: unknown,
  ): void {
    if (message instanceof Error) this.log_[level]({ context, error: message.stack ?? message.message });
    else if (typeof message === 'object' && message !== null) this.log_[level]({ context, ...message });
    else this.log_[level]({ context }, String(message));
  }
}
