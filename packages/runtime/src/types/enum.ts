/** `enum`: one of its labels, a string. */
import { bad } from '../errors.ts';
import type { ValueType } from './value-type.ts';
import { oneOf, variantAs } from './variant.ts';

/** An enum as a descriptor: a variant whose cases have no payloads. It has at least one label. Spec: `despecialize`. */
export function enumeration(labels: readonly string[]): ValueType<string> {
  const indices = new Map<unknown, number>(labels.map((label, index) => [label, index]));
  const expected = oneOf(labels);
  return variantAs<string>(
    'enum',
    labels.map(() => undefined),
    [],
    {
      make: (index) => labels[index]!,
      match: (value, at) => indices.get(value) ?? bad(value, expected, at),
      payload: () => undefined,
    },
  );
}
