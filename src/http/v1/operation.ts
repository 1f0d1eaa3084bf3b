import { ApiController, operation, type OperationOptions } from '../openapi/operation.js';
import { v1 } from './api.js';

/** A controller of v1 below both spellings of its version. */
export const V1 = (path: string): ClassDecorator => ApiController(v1, path, path);

/** @see operation */
export const v1Operation = (options: OperationOptions): MethodDecorator => operation(options, v1);
