import type { Type } from '@nestjs/common';
import type { Api } from './door/api.js';
import { authzenDoor, checkDoor } from './authzen/door.js';
import { v1Door } from './v1/door.js';
import { v2Door } from './v2/door.js';

interface Served {
  readonly api: Api;
  readonly controllers: readonly Type[];
  /** What its controllers share. */
  readonly parts?: readonly Type[];
}

/** All APIs that are served, each a folder beside this file. One that stands below another comes before it. */
export const doors: readonly Served[] = [v1Door, checkDoor, v2Door, authzenDoor];
