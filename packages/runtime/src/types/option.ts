/** `option<T>`: the value or `undefined`; when T is itself an option, `{ tag: 'some', val }` or `{ tag: 'none' }`. */
import type { ValueType } from './value-type.ts';
import { taggedAs, variantAs, type Tagged } from './variant.ts';

/** An option as a descriptor: a variant of none and some. Spec: `despecialize`. */
export function option<T>(type: ValueType<T>): ValueType<T | Tagged | undefined> {
  // `undefined` could not tell the outer none from the inner one.
  if (type.kind === 'option') {
    return taggedAs('option', [
      { tag: 'none', type: undefined },
      { tag: 'some', type },
    ]);
  }
  return variantAs<T | undefined>('option', [undefined, type], ['', ''], {
    make: (_, payload) => payload as T | undefined,
    match: (value) => (value === undefined ? 0 : 1),
    payload: (value) => value,
  });
}
