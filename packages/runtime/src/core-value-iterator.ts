/** Reads flattened core values in order. Spec: `CoreValueIter`. */

/** A value as it passes between JavaScript and a core function: i64 as bigint, all others as number. */
export type CoreValue = number | bigint;

/** Core values as WebAssembly gives them: integers are signed, floats of 32 bits are rounded. */
export class CoreValueIterator {
  readonly #values: readonly CoreValue[];
  #next: number;

  constructor(values: readonly CoreValue[]) {
    this.#values = values;
    this.#next = 0;
  }

  /** The next value, known to be an i32, f32 or f64. */
  number(): number {
    return this.#values[this.#next++] as number;
  }

  /** The next value, known to be an i64. */
  bigint(): bigint {
    return this.#values[this.#next++] as bigint;
  }

  /** The next value, whatever it is. */
  next(): CoreValue {
    return this.#values[this.#next++]!;
  }

  /** Spec: `CoreValueIter.done`. */
  done(): boolean {
    return this.#next === this.#values.length;
  }
}
