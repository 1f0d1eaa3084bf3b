import { type CanActivate, Injectable } from '@nestjs/common';
import { Lifecycle } from '../../application/lifecycle.js';

/** The guard of routes that ask for no credential: they are refused only while nothing can be answered. */
@Injectable()
export class OpenToAll implements CanActivate {
  constructor(private readonly lifecycle: Lifecycle) {}

  canActivate(): boolean {
    this.lifecycle.assertReady();
    return true;
  }
}
