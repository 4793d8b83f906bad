/** Error values that are ordinary answers. */
import { ComponentError } from '@wittle/runtime';

/**
 * A `ComponentError` without a stack trace: for what guests meet all the time, such as `would-block`, taking one costs
 * more than the rest of the call.
 */
export function answer<E>(payload: E): ComponentError<E> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new ComponentError(payload);
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}
