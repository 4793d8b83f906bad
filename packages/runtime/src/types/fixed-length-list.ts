/** `list<T, N>`: an array of a fixed length, in place. */
import { bad } from '../errors.ts';

/** The elements of a list that must have exactly `length` of them; a typed array of that length will do. */
export function fixedLength(value: unknown, length: number, at: string): ArrayLike<unknown> {
  if (typeof value !== 'object' || value === null || !('length' in value) || value.length !== length) {
    bad(value, `array of ${length}`, at);
  }
  return value as ArrayLike<unknown>;
}
