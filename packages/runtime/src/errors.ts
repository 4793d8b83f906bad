/** The errors that cross the boundary: a component's own error values, and values of the wrong shape. */

/**
 * The error value of a function whose WIT result is `result<_, E>`: thrown in place of the `err` case.
 * Shapes: `payload` is the E value; `undefined` when the result has no error type.
 */
export class ComponentError<E = unknown> extends Error {
  readonly payload: E;
  constructor(payload: E, message: string = describe(payload), options?: ErrorOptions) {
    super(message, options);
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
  constructor(path: string, reason: string) {
    super(`${path}: ${reason}`);
    this.path = path;
    this.reason = reason;
  }
  override get name(): string {
    return 'ValueError';
  }
}

/** Throws the {@link ValueError} for a value of the wrong shape; `at` is the path as far as it is known here. */
export function bad(value: unknown, expected: string, at: string): never {
  throw new ValueError(at, `expected ${expected}, got ${got(value)}`);
}

/**
 * What a catch around a nested value throws on: the same error with its path completed on the left. `value` is what
 * was being lowered: reading a field of `undefined` or `null` becomes a {@link ValueError} here.
 */
export function within(error: unknown, at: string, value: unknown): unknown {
  if (error instanceof ValueError) return at === '' ? error : new ValueError(at + error.path, error.reason);
  if (value === undefined || value === null) return new ValueError(at, `expected object, got ${value}`);
  return error;
}

/**
 * The error value that an implementation threw: the payload of a {@link ComponentError} (or of any error that carries
 * one, as other tools' do), or a thrown value that is not an `Error`. Any other `Error` is a failure of the host and
 * is thrown on.
 */
export function payloadOf(thrown: unknown): unknown {
  if (thrown instanceof ComponentError) return thrown.payload;
  if (typeof thrown !== 'object' || thrown === null) return thrown;
  if (Object.hasOwn(thrown, 'payload')) return (thrown as { payload: unknown }).payload;
  if (thrown instanceof Error) throw thrown;
  return thrown;
}

function describe(payload: unknown): string {
  if (typeof payload === 'string') return payload;
  if (typeof payload === 'object' && payload !== null) {
    if ('tag' in payload) return String(payload.tag);
    if ('kind' in payload) return String(payload.kind);
  }
  return payload === undefined ? 'error' : got(payload);
}

function got(value: unknown): string {
  switch (typeof value) {
    case 'number':
    case 'bigint':
    case 'boolean':
      return `${typeof value} ${String(value)}`;
    case 'string':
      return `string ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `array of ${value.length}`;
      return className(value);
    default:
      return typeof value;
  }
}

function className(value: object): string {
  try {
    const { constructor } = value;
    return typeof constructor === 'function' && constructor.name !== '' ? constructor.name : 'object';
  } catch {
    return 'object';
  }
}
