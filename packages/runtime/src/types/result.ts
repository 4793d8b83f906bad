/** `result<T, E>`: `{ tag: 'ok', val }` or `{ tag: 'err', val }`; as a function's result, returned or thrown instead. */
import type { ValueType } from './value-type.ts';
import { taggedAs, type Tagged } from './variant.ts';

/** A result as a descriptor: a variant of ok and err, each with or without a payload. Spec: `despecialize`. */
export function result(ok: ValueType | undefined, err: ValueType | undefined): ValueType<Tagged> {
  return taggedAs('result', [
    { name: 'ok', tag: 'ok', type: ok },
    { name: 'err', tag: 'err', type: err },
  ]);
}
