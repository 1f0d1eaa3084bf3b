import { requireText } from './admission.js';
import type { NestedMap } from './nested-map.js';
import type { Questions } from './questions.js';
import { Rejection } from './rejection.js';
import { freeTextRule, nameRule } from './text.js';

/** Texts by name. */
export type PropertyMap = Readonly<Record<string, string>>;

/**
 * Under each name of the account the values that are not "", by owner. So a name is deleted with all its values in one
 * step, however many owners there are.
 */
export type Properties = NestedMap;

/** What setting values of one owner changes. */
export interface PropertyChange {
  /** Names that are new, for all owners. */
  readonly added: readonly string[];
  /** The values of the owner that change, by name; undefined when none does. */
  readonly set: PropertyMap | undefined;
}

/** @throws Rejection bad_request for a new name or value that breaks the rule of texts */
export function admitProperties(self: Properties, owner: string, properties: PropertyMap): void {
  for (const [name, value] of Object.entries(properties)) {
    const values = self.get(name);
    if (!values) requireText(nameRule, 'each name in properties', name);
    requireText(freeTextRule, 'each value in properties', value, values?.get(owner));
  }
}

/** @throws Rejection quota_exceeded for more names than an account may have */
export function changeOf(
  self: Properties,
  owner: string,
  properties: PropertyMap,
  questions: Pick<Questions, 'requireRoom'>,
): PropertyChange {
  const entries = Object.entries(properties);
  const added = entries.flatMap(([name]) => (self.has(name) ? [] : [name]));
  questions.requireRoom('properties', self.size, added.length);
  const changed = entries.filter(([name, value]) => value !== (self.get(name)?.get(owner) ?? ''));
  // Object.fromEntries makes a property of its own of every name, __proto__ too.
  return { added, set: changed.length > 0 ? Object.fromEntries(changed) : undefined };
}

/** @throws Rejection property_not_found */
export function requireProperty(self: Properties, name: string): void {
  if (!self.has(name)) throw new Rejection('property_not_found');
}

/** Sets values of one owner in place. */
export function setProperties(self: Properties, owner: string, properties: PropertyMap): void {
  for (const [name, value] of Object.entries(properties)) {
    const values = self.get(name);
    if (!values) throw new Error('A value of a property that does not exist');
    if (value === '') values.delete(owner);
    else values.set(owner, value);
  }
}

/** Deletes the values of an owner that was deleted; the names stay. */
export function endProperties(self: Properties, owner: string): void {
  for (const values of self.values()) values.delete(owner);
}
