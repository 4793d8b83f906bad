/** `result<T, E>`: `{ tag: 'ok', val }` or `{ tag: 'err', val }`; as a function's result, returned or thrown instead. */
import type { ValueType } from './value-type.ts';
import { taggedAs, type Case, type Tagged } from './variant.ts';

/** A result's descriptor, which knows what it is made of. */
export interface ResultType extends ValueType<Tagged> {
  readonly ok: ValueType | undefined;
  readonly err: ValueType | undefined;
}

/** A result as a descriptor: a variant of ok and err, each with or without a payload. Spec: `despecialize`. */
export function result(ok: ValueType | undefined, err: ValueType | undefined): ResultType {
  return { ...taggedAs('result', cases(ok, err)), ok, err };
}

/**
 * The type of what a function returns or throws. There is no `{ tag, val }` to speak of then, so paths name the case:
 * `→ result.ok.amount`.
 */
export function functionResult(type: ValueType): ValueType {
  if (type.kind !== 'result') return type;
  let made = returned.get(type);
  if (made === undefined) {
    const { ok, err } = type as ResultType;
    returned.set(type, (made = taggedAs('result', cases(ok, err), ['.ok', '.err'])));
  }
  return made;
}

/** A component's types are there once, and its instances may be many. */
const returned = new WeakMap<ValueType, ValueType>();

function cases(ok: ValueType | undefined, err: ValueType | undefined): readonly Case[] {
  return [
    { tag: 'ok', type: ok },
    { tag: 'err', type: err },
  ];
}
