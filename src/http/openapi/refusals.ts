import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ApiResponse } from '@nestjs/swagger';
import { Rejection, type RejectionCode, type RejectionDetails, rejections } from '../../domain/rejection.js';
import type { Api } from '../door/api.js';
import { schemaOf } from './example-schema.js';

/** What a route refuses, and whom. */
export interface Refusals {
  /** The refusals that are this route's own. */
  readonly refuses?: readonly RejectionCode[] | undefined;
  readonly isPublic: boolean;
  readonly isScoped: boolean;
  readonly asksPermission: boolean;
}

const publicly: readonly RejectionCode[] = [
  'bad_request',
  'rate_limited',
  'unavailable',
  'account_unreadable',
];
const always: readonly RejectionCode[] = [
  ...(['auth_not_provided', 'auth_fail', 'bad_request', 'rate_limited'] as const),
  ...(['unavailable', 'account_unreadable', 'account_too_large'] as const),
];
/** The refusals of every route that takes a body. */
const refusesBodies = ['payload_too_large', 'unsupported_media_type'] as const;
/** Those of every such route that adds to an account. */
const limitsGrowth = ['too_many', 'quota_exceeded'] as const;

/** What some of them say besides. */
const details: { readonly [Code in RejectionCode]?: RejectionDetails } = {
  cursor_expired: {
    resume: {
      cursor: 'WyI3ZjNhIiwiNDcxMSIsIjljMWQ0ZTA3Il0',
      positions: [{ account: 'c533ba4f07fb86a64d69648689f6a0d7', revision: 4711 }],
    },
  },
  changed_since: { because: [4712] },
};

/** Adds the refusals to a route's part of the document; applied after the decorators of its parameters. */
export function describeRefusals(refusals: Refusals, api: Api): MethodDecorator {
  const { asksPermission, isPublic, isScoped, refuses = [] } = refusals;
  return (target, key, descriptor) => {
    const codes = new Set([...(isPublic ? publicly : [...always, ...api.refuses]), ...refuses]);
    if (asksPermission || isScoped) codes.add('access_denied');
    if (isScoped) codes.add('client_not_found');
    if (takesBody(target, key))
      for (const code of isPublic ? refusesBodies : [...refusesBodies, ...limitsGrowth]) codes.add(code);
    const byStatus = new Map<number, Rejection[]>();
    for (const code of codes) {
      const rejection = new Rejection(code, undefined, details[code]);
      const status = api.statusOf[rejection.kind];
      byStatus.set(status, [...(byStatus.get(status) ?? []), rejection]);
    }
    for (const [status, list] of byStatus) {
      const description = list.map(({ code }) => `\`${code}\`: ${rejections[code][1]}`).join('\n\n');
      const examples = Object.fromEntries(
        list.map((rejection) => [rejection.code, { value: api.bodyOf(rejection) }]),
      );
      const everything = list.reduce((all, one) => ({ ...all, ...api.bodyOf(one) }), {});
      const content = { schema: schemaOf(everything), examples };
      ApiResponse({ status, description, content: { [api.errorType]: content } })(target, key, descriptor);
    }
  };
}

function takesBody(target: object, key: string | symbol): boolean {
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, target.constructor, key) as object | undefined;
  return Object.keys(parameters ?? {}).some((name) => name.startsWith(`${RouteParamtypes.BODY}:`));
}
