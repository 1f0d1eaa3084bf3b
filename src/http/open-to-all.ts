import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Lifecycle } from '../application/lifecycle.js';
import { AtLeast } from './at-least.js';
import type { ApiRequest } from './request.js';

/** The guard of routes that ask for no credential: they are refused only while nothing can be answered. */
@Injectable()
export class OpenToAll implements CanActivate {
  constructor(
    private readonly lifecycle: Lifecycle,
    private readonly atLeast: AtLeast,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    this.lifecycle.assertReady();
    await this.atLeast.honour(context.switchToHttp().getRequest<ApiRequest>());
    return true;
  }
}
