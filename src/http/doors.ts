import type { Type } from '@nestjs/common';
import type { Api } from './door/api.js';
import { v1Door } from './v1/door.js';
import { v2Door } from './v2/door.js';

/** All APIs that are served, each a folder beside this file. */
export const doors: readonly { readonly api: Api; readonly controllers: readonly Type[] }[] = [
  v1Door,
  v2Door,
];
