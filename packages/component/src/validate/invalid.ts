/** What is thrown inside this folder where a component is not valid, and the limits that end hostile ones. */
import { InvalidBinary } from '../binary/reader.ts';

/** Throws {@link InvalidBinary}. */
export function fail(message: string, offset: number): never {
  throw new InvalidBinary(message, offset);
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

/** Begins the count of steps for one component. */
export function startCounting(): void {
  stepsLeft = 20_000_000;
}

/** Counts steps of work that is not bounded by the size of the binary. */
export function count(steps: number, offset: number): void {
  stepsLeft -= steps;
  if (stepsLeft < 0) fail('the component is too complex', offset);
}
