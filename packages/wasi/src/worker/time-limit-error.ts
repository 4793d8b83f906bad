/** The error of a guest that took too long. */

/** A guest was ended because its time was up. */
export class TimeLimitError extends Error {
  /** Milliseconds. */
  readonly limit: number;
  constructor(limit: number) {
    super(`the guest was ended: it ran for longer than ${limit} ms`);
    this.limit = limit;
  }
  override get name(): string {
    return 'TimeLimitError';
  }
}
