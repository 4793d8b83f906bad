/** `map<K, V>`: a Map; in memory a list of pairs. */
import { bad } from '../errors.ts';

/** The entries of a Map, or of anything that iterates over pairs. */
export function entries(value: unknown, at: string): readonly (readonly [unknown, unknown])[] {
  if (value instanceof Map) return [...value.entries()];
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) bad(value, 'Map', at);
  return Array.from(value as Iterable<readonly [unknown, unknown]>);
}
