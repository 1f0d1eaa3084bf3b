import type { IncomingHttpHeaders } from 'node:http';

const ids = '(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}';
// A later version may have more behind a hyphen; ff is none.
const valid = new RegExp(`^(?:00-${ids}|(?!00|ff)[0-9a-f]{2}-${ids}(?:-[!-~]{1,200})?)$`);

/** The header `traceparent` if it is valid by W3C Trace Context, level 1, section 3.2; any other is ignored. */
export function traceparentIn({ traceparent }: IncomingHttpHeaders): string | undefined {
  return typeof traceparent === 'string' && valid.test(traceparent) ? traceparent : undefined;
}
