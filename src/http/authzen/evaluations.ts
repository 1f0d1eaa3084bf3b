import { setImmediate as turn } from 'node:timers/promises';
import { Rejection } from '../../domain/rejection.js';
import {
  actionOf,
  bad,
  entityOf,
  type Evaluation,
  evaluationOf,
  isObject,
  requireContext,
} from './entities.js';

type Fields = Readonly<Record<string, unknown>>;

/** Section "Decision". */
export interface Decision {
  readonly decision: boolean;
  readonly context?: object;
}

const semantics = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;

type Semantic = (typeof semantics)[number];

/** How many questions one request may hold. */
export const MOST_EVALUATIONS = 1_000;

/** Questions of one request; one that is not valid is an error, for its own place in the answer. */
export interface Evaluations {
  readonly semantic: Semantic;
  readonly questions: readonly (Evaluation | Rejection)[];
}

/**
 * Reads a request as the section "Access Evaluations API Request" has it.
 * @returns undefined for one without a list, or with an empty one: it asks for a single decision
 * @throws Rejection bad_request, too_many for what makes the whole request invalid
 */
export function evaluationsOf(content: Fields): Evaluations | undefined {
  const { evaluations } = content;
  if (evaluations === undefined) return undefined;
  if (!Array.isArray(evaluations)) throw bad('evaluations must be a list');
  if (evaluations.length === 0) return undefined;
  if (evaluations.length > MOST_EVALUATIONS)
    throw new Rejection('too_many', `evaluations may hold ${MOST_EVALUATIONS} questions at most`);
  requireDefaults(content);
  return {
    semantic: semanticOf(content),
    questions: evaluations.map((one: unknown) => questionOf(one, content)),
  };
}

/** The decisions in the order of the questions, up to the one that settles the matter. */
export async function decisionsOf(
  { semantic, questions }: Evaluations,
  decide: (question: Evaluation) => Promise<Decision>,
): Promise<readonly Decision[]> {
  const decisions: Decision[] = [];
  for (const question of questions) {
    // Others have their turn in between.
    if (decisions.length > 0) await turn();
    const decision = question instanceof Rejection ? failed(question) : await decide(question);
    decisions.push(decision);
    if (semantic === 'deny_on_first_deny' && !decision.decision) break;
    if (semantic === 'permit_on_first_permit' && decision.decision) break;
  }
  return decisions;
}

/** What a question takes from the request itself is whole or not there: entities are not mixed. */
function questionOf(one: unknown, { subject, action, resource, context }: Fields): Evaluation | Rejection {
  if (!isObject(one)) return bad('an evaluation must be an object');
  const defaults = Object.entries({ subject, action, resource, context });
  try {
    return evaluationOf({
      ...Object.fromEntries(defaults.filter(([, value]) => value !== undefined)),
      ...one,
    });
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
}

function requireDefaults(content: Fields): void {
  requireContext(content);
  if (content['subject'] !== undefined) entityOf(content, 'subject');
  if (content['action'] !== undefined) actionOf(content);
  if (content['resource'] !== undefined) entityOf(content, 'resource');
}

function semanticOf({ options = {} }: Fields): Semantic {
  if (!isObject(options)) throw bad('options must be an object');
  const { evaluations_semantic: sent = 'execute_all' } = options;
  const semantic = semantics.find((one) => one === sent);
  if (!semantic) throw bad(`options.evaluations_semantic must be ${semantics.join(', ')}`);
  return semantic;
}

function failed({ message }: Rejection): Decision {
  return { decision: false, context: { error: { status: 400, message } } };
}
