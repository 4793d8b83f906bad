/** `map<K, V>`: a Map; in memory a list of pairs. */
import { bad } from '../errors.ts';
import { elementwise } from './list.ts';
import { recordAs } from './record.ts';
import { pair } from './string.ts';
import { tuple } from './tuple.ts';
import type { ValueType } from './value-type.ts';

/** The entries of a Map, or of anything that iterates over pairs. */
export function entries(value: unknown, at: string): readonly (readonly [unknown, unknown])[] {
  if (value instanceof Map) return [...value.entries()];
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) bad(value, 'Map', at);
  return Array.from(value as Iterable<readonly [unknown, unknown]>);
}

/** A map as a descriptor: a list of pairs; of entries with one key the last counts. Spec: `despecialize`. */
export function map<K, V>(key: ValueType<K>, value: ValueType<V>): ValueType<Map<K, V>> {
  const entry = recordAs<unknown[]>(
    'tuple',
    [
      { key: 0, at: '.key', type: key },
      { key: 1, at: '.value', type: value },
    ],
    (each, at) => tuple(each, 2, at),
    [],
  );
  const { lift, lower } = elementwise(entry);
  return pair(
    'map',
    [entry],
    (cx, p, n) => new Map(lift(cx, p, n) as [K, V][]),
    (cx, given, at) => lower(cx, entries(given, at), at),
  );
}
