/** `tuple`: an array of a fixed length. */
import { bad } from '../errors.ts';

/** An array of exactly `length` elements. */
export function tuple(value: unknown, length: number, at: string): void {
  if (!Array.isArray(value) || value.length !== length) badTuple(value, length, at);
}

function badTuple(value: unknown, length: number, at: string): never {
  bad(value, `array of ${length}`, at);
}
