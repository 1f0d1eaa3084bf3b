import { authzen, check } from './api.js';
import { CheckController } from './check.controller.js';
import { Decisions } from './decisions.js';
import { EvaluationsController } from './evaluations.controller.js';
import { MetadataController } from './metadata.controller.js';
import { SearchesController } from './searches.controller.js';
import { PageTokens } from './page-tokens.js';
import { Searches } from './searches.js';

/** AuthZEN below the base of an account. */
export const authzenDoor = {
  api: authzen,
  controllers: [EvaluationsController, SearchesController, MetadataController],
  parts: [Decisions, Searches, PageTokens],
};

/** Its one route below v2. */
export const checkDoor = { api: check, controllers: [CheckController] };
