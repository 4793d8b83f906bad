/** The properties of records and flags in JavaScript, by their WIT names. */
import { memberKey, scopeNames } from '../link/names.ts';
import type { FlagsType, RecordType } from '../validate/component-type.ts';

/** Worked out once per type. */
export function propertyKeys(type: RecordType | FlagsType): ReadonlyMap<string, string> {
  let known = keys.get(type);
  if (known === undefined) {
    const labels = type.kind === 'flags' ? type.labels : type.fields.map((field) => field.name);
    known = scopeNames(labels, memberKey);
    keys.set(type, known);
  }
  return known;
}

const keys = new WeakMap<RecordType | FlagsType, ReadonlyMap<string, string>>();
