// Punycode as of RFC 3492: section 5 for the numbers, 6.1 to 6.3 for the functions.
const [BASE, T_MIN, T_MAX, SKEW, DAMP, FIRST_BIAS, FIRST_CODE] = [36, 1, 26, 38, 700, 72, 0x80] as const;
const DIGITS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** The ASCII form of a text; the time grows with the square of its length. */
export function encodePunycode(text: string): string {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const basic = points.filter((point) => point < FIRST_CODE);
  let [output, bias, delta] = [String.fromCodePoint(...basic), FIRST_BIAS as number, 0];
  if (basic.length > 0) output += '-';
  let done = basic.length;
  for (let code: number = FIRST_CODE; done < points.length;) {
    const next = Math.min(...points.filter((point) => point >= code));
    delta += (next - code) * (done + 1);
    code = next;
    for (const point of points) {
      if (point < code) delta += 1;
      if (point !== code) continue;
      output += integer(delta, bias);
      bias = adapt(delta, done + 1, done === basic.length);
      delta = 0;
      done += 1;
    }
    delta += 1;
    code += 1;
  }
  return output;
}

/** @returns undefined for what is no Punycode */
export function decodePunycode(text: string): string | undefined {
  const end = text.lastIndexOf('-');
  const points = end > 0 ? Array.from(text.slice(0, end), (character) => character.codePointAt(0) ?? 0) : [];
  let [code, place, bias] = [FIRST_CODE as number, 0, FIRST_BIAS as number];
  for (let at = end > 0 ? end + 1 : 0; at < text.length;) {
    const before = place;
    for (let [weight, k] = [1, BASE as number]; ; k += BASE) {
      const digit = DIGITS.indexOf(text.charAt(at));
      if (at >= text.length || digit < 0) return undefined;
      at += 1;
      place += digit * weight;
      if (place > Number.MAX_SAFE_INTEGER) return undefined;
      const threshold = thresholdOf(k, bias);
      if (digit < threshold) break;
      weight *= BASE - threshold;
    }
    const length = points.length + 1;
    bias = adapt(place - before, length, before === 0);
    code += Math.floor(place / length);
    place %= length;
    if (code > 0x10ffff) return undefined;
    points.splice(place, 0, code);
    place += 1;
  }
  return String.fromCodePoint(...points);
}

function integer(delta: number, bias: number): string {
  let [output, rest] = ['', delta];
  for (let k: number = BASE; ; k += BASE) {
    const threshold = thresholdOf(k, bias);
    if (rest < threshold) return output + DIGITS.charAt(rest);
    output += DIGITS.charAt(threshold + ((rest - threshold) % (BASE - threshold)));
    rest = Math.floor((rest - threshold) / (BASE - threshold));
  }
}

function thresholdOf(k: number, bias: number): number {
  return Math.min(Math.max(k - bias, T_MIN), T_MAX);
}

function adapt(delta: number, length: number, isFirst: boolean): number {
  let rest = Math.floor(delta / (isFirst ? DAMP : 2));
  rest += Math.floor(rest / length);
  let k = 0;
  for (; rest > Math.floor(((BASE - T_MIN) * T_MAX) / 2); k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}
