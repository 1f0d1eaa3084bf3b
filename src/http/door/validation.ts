import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { Rejection } from '../../domain/rejection.js';
import { parseJson } from './json.js';
import { RawBody } from './raw-body.js';

/** Bodies of which an empty text, `[]` and `null` mean "no fields", as old clients send them. */
const lenient = new WeakSet<object>();
const nested = new WeakMap<object, Map<string, Type<object>>>();
const wholes = new WeakMap<object, string>();

/** Marks a body class: an empty array and null say the same as an empty object. */
export function AcceptsNothing(): ClassDecorator {
  return (target) => {
    lenient.add(target.prototype as object);
  };
}

/** Marks a body class whose one property stands for the body as a whole: an object of names that nobody knows beforehand. */
export function Whole(property: string): ClassDecorator {
  return (target) => {
    wholes.set(target.prototype as object, property);
  };
}

/** Marks a property that holds an object of another body class; validate it with `@ValidateNested()`. */
export function Nested(type: Type<object>): PropertyDecorator {
  return (target, property) => {
    const properties = nested.get(target) ?? new Map<string, Type<object>>();
    nested.set(target, properties.set(String(property), type));
  };
}

/**
 * Turns bodies and query strings into instances of their class-validator classes.
 * Only declared properties get through; the first violation is a bad_request that names the field, never its value.
 */
@Injectable()
export class Validation implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (!metatype || (type !== 'body' && type !== 'query')) return value;
    const target = metatype as Type<object>;
    const plain = type === 'body' ? readBody(value, target) : value;
    if (typeof plain !== 'object' || plain === null || Array.isArray(plain))
      throw new Rejection('bad_request', 'The request body must be a JSON object');
    const whole = wholes.get(target.prototype as object);
    const instance = instantiate(target, whole === undefined ? plain : { [whole]: plain });
    const [violation] = validateSync(instance, { forbidUnknownValues: false, stopAtFirstError: true });
    if (violation) throw rejection(violation, '');
    return instance;
  }
}

function readBody(body: unknown, target: Type<object>): unknown {
  if (!(body instanceof RawBody)) return {};
  const text = body.text();
  if (text.trim() === '') return {};
  const value = parseJson(text);
  const isNothing = value === null || (Array.isArray(value) && value.length === 0);
  return isNothing && lenient.has(target.prototype as object) ? {} : value;
}

function instantiate(target: Type<object>, plain: object): object {
  const instance = new target();
  const children = nested.get(target.prototype as object);
  for (const property of propertiesOf(target)) {
    const value: unknown = Object.hasOwn(plain, property)
      ? (plain as Record<string, unknown>)[property]
      : undefined;
    const child = children?.get(property);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (value !== undefined)
      Object.assign(instance, { [property]: child && isObject ? instantiate(child, value) : value });
  }
  return instance;
}

const properties = new WeakMap<object, readonly string[]>();

function propertiesOf(target: Type<object>): readonly string[] {
  let known = properties.get(target);
  if (!known) {
    const metadata = getMetadataStorage().getTargetValidationMetadatas(target, '', false, false);
    properties.set(target, (known = [...new Set(metadata.map(({ propertyName }) => propertyName))]));
  }
  return known;
}

function rejection(violation: ValidationError, path: string): Rejection {
  const name = path + violation.property;
  const [child] = violation.children ?? [];
  if (child) return rejection(child, `${name}.`);
  const [[constraint, message] = ['', 'is not valid']] = Object.entries(violation.constraints ?? {});
  const sentence = path === '' ? message : message.replace(violation.property, name);
  if (constraint === 'isFew') return new Rejection('too_many', sentence);
  return new Rejection(
    constraint === 'isEmail' && violation.value !== undefined ? 'invalid_email' : 'bad_request',
    sentence,
  );
}
