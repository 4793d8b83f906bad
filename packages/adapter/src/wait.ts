/** Waiting only when there is something to wait for: a call that is ready makes no promise. */
import type { Pollable } from './preview2.ts';

/** Goes on with a value, now or when it is there. */
export function andThen<T, U>(value: T | Promise<T>, next: (value: T) => U | Promise<U>): U | Promise<U> {
  return isPromise(value) ? value.then(next) : next(value);
}

/** Runs an action whose failure, now or later, has a meaning of its own. */
export function rescue<T>(
  action: () => T | Promise<T>,
  failed: (thrown: unknown) => T | Promise<T>,
): T | Promise<T> {
  let value;
  try {
    value = action();
  } catch (thrown) {
    return failed(thrown);
  }
  return isPromise(value) ? value.then(undefined, failed) : value;
}

/** Runs an action, and `last` after it: now or later, whether it fails or not. */
export function finallyDo<T>(action: () => T | Promise<T>, last: () => void): T | Promise<T> {
  let waiting = false;
  try {
    const value = action();
    waiting = isPromise(value);
    return isPromise(value) ? value.finally(last) : value;
  } finally {
    if (!waiting) last();
  }
}

/** Waits until a pollable is ready, and drops it. */
export function block(pollable: Pollable): void | Promise<void> {
  return finallyDo(
    () => pollable.block(),
    () => pollable[Symbol.dispose]?.(),
  );
}

/** Whether a value has to be waited for. Promises of other realms count: only `then` is looked at. */
export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
