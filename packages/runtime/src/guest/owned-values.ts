/**
 * Strings, lists and maps as a guest gets them: what is passed to it is in its memory, and its to free. On the host's side
 * they are what they are there.
 */
import * as plain from '../types/list.ts';
import { map as plainMap } from '../types/map.ts';
import { pair, stringType as plainString } from '../types/string.ts';
import type { ValueType } from '../types/value-type.ts';
import { GuestInstance } from './instance.ts';

/** `string`. */
export const stringType: ValueType<string> = /* @__PURE__ */ owned(plainString);

/** `list<T>`. */
export function list(element: ValueType): ValueType<unknown> {
  return owned(plain.list(element));
}

/** `map<K, V>`. */
export function map<K, V>(key: ValueType<K>, value: ValueType<V>): ValueType<Map<K, V>> {
  return owned(plainMap(key, value));
}

/** The same type, which frees what a guest lifts. */
function owned<T>(type: ValueType<T>): ValueType<T> {
  const { kind, parts, liftCore, lowerCore } = type;
  return pair(
    kind,
    parts as readonly ValueType[],
    (cx, p, n) => {
      const value = liftCore!(cx, p, n);
      if (n > 0 && cx instanceof GuestInstance) cx.allocator.free(p);
      return value;
    },
    (cx, value, at) => lowerCore!(cx, value, at) as number,
  );
}
