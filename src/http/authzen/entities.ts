import { Rejection } from '../../domain/rejection.js';

type Fields = Readonly<Record<string, unknown>>;

/** A subject or a resource. Sections "Subject" and "Resource" of the specification. */
export interface Entity {
  readonly type: string;
  readonly id: string;
}

/** Section "Action". */
export interface Action {
  readonly name: string;
  readonly properties: Fields;
}

/** A question for one decision. Section "Access Evaluation API Request"; its context decides nothing here. */
export interface Evaluation {
  readonly subject: Entity;
  readonly action: Action;
  readonly resource: Entity;
}

/** @throws Rejection bad_request that names the field */
export function evaluationOf(content: Fields): Evaluation {
  requireContext(content);
  return {
    subject: entityOf(content, 'subject'),
    action: actionOf(content),
    resource: entityOf(content, 'resource'),
  };
}

/** @throws Rejection bad_request */
export function entityOf(content: Fields, name: 'subject' | 'resource'): Entity {
  const fields = objectOf(content, name);
  return { type: textOf(fields, name, 'type'), id: textOf(fields, name, 'id') };
}

/** The type of what is searched for: an id beside it is ignored. @throws Rejection bad_request */
export function typeOf(content: Fields, name: 'subject' | 'resource'): string {
  return textOf(objectOf(content, name), name, 'type');
}

/** @throws Rejection bad_request */
export function actionOf(content: Fields): Action {
  const fields = objectOf(content, 'action');
  const { properties } = fields;
  return { name: textOf(fields, 'action', 'name'), properties: isObject(properties) ? properties : {} };
}

/** @throws Rejection bad_request */
export function requireContext({ context }: Fields): void {
  if (context !== undefined && !isObject(context)) throw bad('context must be an object');
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function bad(sentence: string): Rejection {
  return new Rejection('bad_request', sentence);
}

function objectOf(content: Fields, name: string): Fields {
  const value = content[name];
  if (value === undefined) throw bad(`${name} is missing`);
  if (!isObject(value)) throw bad(`${name} must be an object`);
  const { properties } = value;
  if (properties !== undefined && !isObject(properties)) throw bad(`${name}.properties must be an object`);
  return value;
}

function textOf(fields: Fields, name: string, field: string): string {
  const value = fields[field];
  if (value === undefined) throw bad(`${name}.${field} is missing`);
  if (typeof value !== 'string' || value === '')
    throw bad(`${name}.${field} must be a text that is not empty`);
  // SQLite ends a text at NUL: an id that goes on after one would find what it starts with.
  return value.replaceAll('\0', '\ufffd');
}
