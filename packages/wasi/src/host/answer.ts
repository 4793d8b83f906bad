/** Error values that are ordinary answers. */
import { ComponentError } from '@wittle/runtime';

/** Those whose payload is a case of an enum: there are few. */
const kept = new Map<string, ComponentError>();

/**
 * A `ComponentError` without a stack trace: for what guests meet all the time, such as `would-block`, making one costs
 * more than the rest of the call. The same case is the same object each time.
 */
export function answer<E>(payload: E): ComponentError<E> {
  if (typeof payload !== 'string') return withoutStack(payload);
  let error = kept.get(payload);
  if (error === undefined) kept.set(payload, (error = withoutStack<unknown>(payload)));
  return error as ComponentError<E>;
}

function withoutStack<E>(payload: E): ComponentError<E> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new ComponentError(payload);
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}
