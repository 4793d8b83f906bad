/** Where validation stands, what it throws, and the limits that end it for hostile components. */
import { InvalidBinary } from '../binary/reader.ts';

let here = 0;
let stepsLeft = 0;

/** What is known of types, for the time of one validation. */
const memories: Map<unknown, unknown>[] = [];

/** Runs `body` in bounded time. */
export function bounded<Result>(body: () => Result): Result {
  stepsLeft = 1_000_000;
  try {
    return body();
  } finally {
    for (const memory of memories) memory.clear();
  }
}

/** The same function, which during one validation makes what belongs to a key only once. */
export function remember<Key, Known>(make: (key: Key) => Known): (key: Key) => Known {
  const memory = new Map<Key, Known>();
  memories.push(memory);
  return (key) => {
    let known = memory.get(key);
    if (known === undefined) memory.set(key, (known = make(key)));
    return known;
  };
}

/** Counts a step of work that is not bounded by the size of the binary. */
export function count(): void {
  if (--stepsLeft < 0) fail('the component is too complex');
}

/** What is validated now is at `offset`. */
export function locate(offset: number): void {
  here = offset;
}

/** Throws that the component is not valid, at `offset` or at what is validated now. */
export function fail(message: string, offset: number = here): never {
  // Names in messages may be as long as the binary.
  throw new InvalidBinary(message.length > 400 ? `${message.slice(0, 400)}…` : message, offset);
}

/** Fails unless `isSo`. */
export function check(isSo: boolean, message: string, offset?: number): asserts isSo {
  if (!isSo) fail(message, offset);
}

/** Runs `body`; what it fails with gets `context` in front. */
export function within<Result>(context: string, body: () => Result): Result {
  try {
    return body();
  } catch (error) {
    if (error instanceof InvalidBinary) fail(`${context}: ${error.message}`, error.offset);
    throw error;
  }
}
