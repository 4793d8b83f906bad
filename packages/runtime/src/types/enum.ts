/** `enum`: one of its labels, a string. */
import { bad } from '../errors.ts';
import type { ValueType } from './value-type.ts';
import { oneOf, variantAs } from './variant.ts';

/** A label, under both of its names. */
export interface EnumLabel {
  /** As WIT spells it: `not-found`. */
  readonly name: string;
  /** The string that it is in JavaScript. */
  readonly tag: string;
}

/** An enum as a descriptor: a variant whose cases have no payloads. It has at least one label. Spec: `despecialize`. */
export function enumeration(labels: readonly EnumLabel[]): ValueType<string> {
  const byTag = new Map<unknown, number>(labels.map((label, index) => [label.tag, index]));
  const expected = oneOf(labels.map((label) => label.tag));
  return variantAs<string>(
    'enum',
    labels.map(() => undefined),
    [],
    {
      make: (index) => labels[index]!.tag,
      match: (value, at) => byTag.get(value) ?? bad(value, expected, at),
      payload: () => undefined,
    },
  );
}
