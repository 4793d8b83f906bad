/** What is thrown inside this folder where a component is not valid, and the limits that end hostile ones. */
import { InvalidBinary } from '../binary/reader.ts';

/** Throws {@link InvalidBinary}. */
export function fail(message: string, offset: number): never {
  // Names in messages may be as long as the binary.
  throw new InvalidBinary(message.length > 400 ? `${message.slice(0, 400)}…` : message, offset);
}

/** Throws {@link InvalidBinary} unless `isSo`. */
export function check(isSo: boolean, message: string, offset: number): asserts isSo {
  if (!isSo) fail(message, offset);
}

/** Runs `body`; what it throws gets `context` in front. */
export function within<Result>(context: string, body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    if (error instanceof InvalidBinary) fail(`${context}: ${error.message}`, error.offset);
    throw error;
  }
}

let stepsLeft = 0;

/** What is known of types, for the time of one validation. */
const memories: Map<unknown, unknown>[] = [];

/** Runs `body` in bounded time. */
export function bounded<Result>(body: () => Result): Result {
  stepsLeft = 2_000_000;
  try {
    return body();
  } finally {
    for (const memory of memories) memory.clear();
  }
}

/** A memory of what is known of types. */
export function remember<Key, Known>(): Map<Key, Known> {
  const memory = new Map<Key, Known>();
  memories.push(memory as Map<unknown, unknown>);
  return memory;
}

/** Counts steps of work that is not bounded by the size of the binary. */
export function count(steps: number, offset: number): void {
  stepsLeft -= steps;
  if (stepsLeft < 0) fail('the component is too complex', offset);
}
