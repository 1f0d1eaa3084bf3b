export function median(values) {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return undefined;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param sorted in rising order @param share 0.95 for the 95th percentile */
export function percentile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}

/**
 * One row of the result from its rounds: medians of what was measured, and of the ratios within each round.
 * @param rounds list of {measured, against}: what `load` returned of both
 */
export function summarize(name, rounds, target) {
  const over = (value) => median(rounds.map(value));
  const quantile = (share) => over(({ measured }) => percentile(measured.latencies, share));
  return {
    name,
    rate: over(({ measured }) => measured.rate),
    against: over(({ against }) => against.rate),
    ratio: over(({ measured, against }) => measured.rate / against.rate),
    cpu: over(({ measured }) => measured.cpu),
    cpuRatio: over(({ measured, against }) => against.cpu && measured.cpu && against.cpu / measured.cpu),
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    failures: rounds.reduce((sum, { measured }) => sum + measured.failures, 0),
    target,
  };
}

const columns = [
  ['', ({ name }) => name],
  ['rate/s', ({ rate }) => number(rate, 0)],
  ['against/s', ({ against }) => number(against, 0)],
  ['ratio', ({ ratio }) => number(ratio, 2)],
  ['cpu us', ({ cpu }) => number(cpu, 0)],
  ['cpu ratio', ({ cpuRatio }) => number(cpuRatio, 2)],
  ['p50 ms', ({ p50 }) => number(p50, 2)],
  ['p95 ms', ({ p95 }) => number(p95, 2)],
  ['p99 ms', ({ p99 }) => number(p99, 2)],
  ['failed', ({ failures }) => number(failures, 0)],
  ['target', ({ target }) => target ?? ''],
];

/** The rows as a plain table. */
export function table(rows) {
  const lines = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, show]) => show(row)))];
  const last = columns.length - 1;
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  const pad = (text, column) =>
    column === 0 || column === last ? text.padEnd(widths[column]) : text.padStart(widths[column]);
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}

function number(value, digits) {
  return value === undefined ? '' : value.toFixed(digits);
}
