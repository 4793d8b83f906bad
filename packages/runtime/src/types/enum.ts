/** `enum`: one of its labels, a string. */
import { bad } from '../errors.ts';
import { interned } from './record.ts';
import type { ValueType } from './value-type.ts';
import { labelIndex, oneOf, variantAs } from './variant.ts';

/** An enum as a descriptor: a variant whose cases have no payloads. It has at least one label. Spec: `despecialize`. */
export function enumeration(names: readonly string[]): ValueType<string> {
  const labels = names.map(interned);
  const indexOf = labelIndex(labels);
  const expected = oneOf(labels);
  return variantAs<string>(
    'enum',
    labels.map(() => undefined),
    [],
    {
      make: (index) => labels[index]!,
      match(value, at) {
        const index = indexOf(value);
        return index === -1 ? bad(value, expected, at) : index;
      },
      payload: () => undefined,
    },
  );
}
