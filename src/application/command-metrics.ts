import { Counter, type Registry } from 'prom-client';

/** The metrics of commands, for Prometheus. */
export class CommandMetrics {
  private readonly outcomes: Counter<'command' | 'outcome'>;

  constructor(registry: Registry) {
    this.outcomes = new Counter({
      name: 'muster_commands_total',
      help: 'Commands by type and outcome: done, nothing (no change was needed) or the code of the refusal',
      labelNames: ['command', 'outcome'],
      registers: [registry],
    });
  }

  count(command: string, outcome: string): void {
    this.outcomes.inc({ command, outcome });
  }
}
