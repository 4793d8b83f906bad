/** Variants as `{ kind, value }`, the other profile that generated code has. */
import { bad } from '../errors.ts';
import { object } from '../types/record.ts';
import type { ValueType } from '../types/value-type.ts';
import { labelIndex, oneOf, variantAs, type Case } from '../types/variant.ts';

/** A variant in JavaScript; `value` is there when the case has a payload. */
export interface KindTagged {
  readonly kind: string;
  readonly value?: unknown;
}

/** A variant as a descriptor; `tag` is the case's `kind`. It has at least one case. */
export function kindVariant(cases: readonly Case[]): ValueType<KindTagged> {
  const kinds = cases.map((each) => each.tag);
  const types = cases.map((each) => each.type);
  const indexOf = labelIndex(kinds);
  const expected = oneOf(kinds);
  return variantAs<KindTagged>(
    'variant',
    types,
    kinds.map(() => '.value'),
    {
      make: (index, value) =>
        types[index] === undefined ? { kind: kinds[index]! } : { kind: kinds[index]!, value },
      match: (value, at) => {
        object(value, at);
        const { kind } = value as KindTagged;
        const index = indexOf(kind);
        return index === -1 ? bad(kind, expected, `${at}.kind`) : index;
      },
      payload: (value) => (value as KindTagged).value,
    },
  );
}
