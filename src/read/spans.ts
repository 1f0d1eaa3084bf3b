/** From revision `since` until before revision `until`. */
export interface Span {
  readonly since: number;
  readonly until: number;
}

/** The spans in their order. Spans that follow each other without a break become one. */
export function joined(spans: readonly Span[]): Span[] {
  const whole: Span[] = [];
  for (const { since, until } of [...spans].sort((a, b) => a.since - b.since)) {
    const last = whole.at(-1);
    if (last && last.until >= since)
      whole.splice(-1, 1, { since: last.since, until: Math.max(last.until, until) });
    else whole.push({ since, until });
  }
  return whole;
}

/** The spans that lie both in one of `these` and in one of `those`. */
export function common(these: readonly Span[], those: readonly Span[]): Span[] {
  return these
    .flatMap((one) =>
      those.map((other) => ({
        since: Math.max(one.since, other.since),
        until: Math.min(one.until, other.until),
      })),
    )
    .filter(({ since, until }) => since < until);
}
