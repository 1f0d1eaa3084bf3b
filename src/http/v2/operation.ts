import { applyDecorators } from '@nestjs/common';
import { ApiController, operation, type OperationOptions } from '../openapi/operation.js';
import { v2 } from './api.js';
import { TakesKnownParameters } from '../openapi/known-parameters.js';

/** A controller of v2. */
export const V2 = (path: string): ClassDecorator => ApiController(v2, path);

/** As {@link operation}; query parameters that the document does not name are 400. */
export const v2Operation = (options: OperationOptions): MethodDecorator =>
  applyDecorators(operation(options, v2), TakesKnownParameters());
