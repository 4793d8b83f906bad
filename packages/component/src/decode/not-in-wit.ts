/** What is thrown inside this folder where something valid cannot be said in WIT. */
import type { BinaryProblem } from '../binary/reader.ts';

/** `offset` counts bytes from the beginning of the file. */
export class NotInWit extends Error implements BinaryProblem {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Throws {@link NotInWit}. */
export function fail(message: string, offset: number): never {
  throw new NotInWit(message, offset);
}
