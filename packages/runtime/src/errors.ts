/** The errors that cross the boundary: a component's own error values, and values of the wrong shape. */

/**
 * The error value of a function whose WIT result is `result<_, E>`: thrown in place of the `err` case.
 * Shapes: `payload` is the E value; `undefined` when the result has no error type.
 */
export class ComponentError<E = unknown> extends Error {
  readonly payload: E;
  constructor(payload: E, options?: ErrorOptions) {
    super(describe(payload), options);
    this.payload = payload;
  }
  override get name(): string {
    return 'ComponentError';
  }
}

/** A value from the JavaScript side that does not have the shape its WIT type asks for. */
export class ValueError extends TypeError {
  /** Where: `demo:shop/cart.add → result.ok.amount`. */
  readonly path: string;
  /** What was expected and what was there. */
  readonly reason: string;
  constructor(path: string, reason: string, options?: ErrorOptions) {
    super(`${path}: ${reason}`, options);
    this.path = path;
    this.reason = reason;
  }
  override get name(): string {
    return 'ValueError';
  }
}

function describe(payload: unknown): string {
  if (typeof payload === 'string') return payload;
  if (typeof payload === 'object' && payload !== null && 'tag' in payload) return String(payload.tag);
  return payload === undefined ? 'error' : String(payload);
}
