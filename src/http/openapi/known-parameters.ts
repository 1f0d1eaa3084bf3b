import { type CanActivate, type ExecutionContext, type Type, UseGuards } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { DECORATORS } from '@nestjs/swagger';
import type { ApiRequest } from '../door/request.js';
import { requireKnown } from '../wire/parameters.js';

/**
 * The route takes the query parameters that its part of the OpenAPI document names, and refuses others: a caller that
 * misspells a filter would take the answer without it for the answer to the question.
 */
export const TakesKnownParameters = (): MethodDecorator => (target, key, descriptor) => {
  UseGuards(new KnownParameters(target, key))(target, key, descriptor);
};

class KnownParameters implements CanActivate {
  private names: readonly string[] | undefined;

  constructor(
    private readonly controller: object,
    private readonly method: string | symbol,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    // Only now have all decorators of the route run.
    this.names ??= [...this.described(context.getHandler()), ...this.declared()];
    requireKnown(context.switchToHttp().getRequest<ApiRequest>().query, this.names);
    return true;
  }

  /** Those that stand beside the route one by one. */
  private described(handler: object): string[] {
    const parameters = Reflect.getMetadata(DECORATORS.API_PARAMETERS, handler) as
      readonly { readonly in: string; readonly name: string }[] | undefined;
    return (parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name);
  }

  /** Those of the classes that the handler takes query strings as. */
  private declared(): string[] {
    const { controller, method } = this;
    const types = Reflect.getMetadata('design:paramtypes', controller, method) as readonly Type[];
    const taken = Reflect.getMetadata(ROUTE_ARGS_METADATA, controller.constructor, method) as
      Readonly<Record<string, { readonly index: number }>> | undefined;
    return Object.entries(taken ?? {})
      .filter(([name]) => name.startsWith(`${RouteParamtypes.QUERY}:`))
      .flatMap(([, { index }]) => {
        const prototype = types[index]?.prototype as object;
        const names = Reflect.getMetadata(DECORATORS.API_MODEL_PROPERTIES_ARRAY, prototype) as
          readonly string[] | undefined;
        return names?.map((name) => name.slice(1)) ?? [];
      });
  }
}
