import { ApiController, operation, type OperationOptions } from '../openapi/operation.js';
import { v2 } from './api.js';

/** A controller of v2. */
export const V2 = (path: string): ClassDecorator => ApiController(v2, path);

/** @see operation */
export const v2Operation = (options: OperationOptions): MethodDecorator => operation(options, v2);
