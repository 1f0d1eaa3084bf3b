import { createHash } from 'node:crypto';
import { applyDecorators, Header } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';

/** What a policy names an inline script or style sheet by. */
export function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** @param sources directives of a Content-Security-Policy: what the page may load, of which nothing is allowed otherwise */
export function pageHeaders(sources: string): Readonly<Record<string, string>> {
  const policy = `default-src 'none'; ${sources}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  };
}

/** Marks a route that answers a page for people; see {@link pageHeaders}. */
export function HtmlPage(sources: string): MethodDecorator {
  return applyDecorators(
    ...Object.entries(pageHeaders(sources)).map(([name, value]) => Header(name, value)),
    ApiResponse({
      status: 200,
      description: 'An HTML page',
      content: { 'text/html': { schema: { type: 'string' }, example: '<!doctype html>' } },
    }),
  );
}
