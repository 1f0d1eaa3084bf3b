import { Param } from '@nestjs/common';
import type { Permission } from '../../domain/permissions.js';
import { Rejection } from '../../domain/rejection.js';
import { v1Operation } from './operation.js';

interface Lack {
  /** The decorators of the routes' methods, by the names from which operation ids are made. */
  readonly routes: Readonly<Record<string, () => MethodDecorator>>;
  readonly code: 'missing_id' | 'missing_user_id';
  /** What is missing, with its article. */
  readonly what: string;
  readonly permission: Permission;
  /** The id that the path does have. */
  readonly below?: string;
  readonly isScoped?: boolean;
}

/** Adds routes to a controller whose path lacks its last id: they only say which code says so. */
export function LacksId({ routes, code, what, permission, below, isScoped = true }: Lack): ClassDecorator {
  const summary = `Says that ${what} is missing`;
  const describe = v1Operation({ summary, permissions: [permission], isScoped, refuses: [code] });
  return ({ prototype }) => {
    const target = prototype as object;
    for (const [name, route] of Object.entries(routes)) {
      const value = (): never => {
        throw new Rejection(code);
      };
      Object.defineProperty(value, 'name', { value: name });
      const descriptor = { value };
      Object.defineProperty(target, name, descriptor);
      Reflect.defineMetadata('design:paramtypes', below === undefined ? [] : [String], target, name);
      if (below !== undefined) Param(below)(target, name, 0);
      describe(target, name, descriptor);
      route()(target, name, descriptor);
    }
  };
}
