/** How a guest waits, and for how long it may run: what `runCommand` and `httpServer` have in common. */
import { canSuspend } from '@wittle/runtime';

export interface WaitingOptions {
  /**
   * How a call that is not ready waits. `jspi` suspends the guest's stack, which takes an engine that can (Node 24 or
   * newer); `worker` runs the guest in a thread of its own, which stops meanwhile; with `none` the call fails. Default:
   * JSPI where there is any and no `timeLimit`, else a worker.
   */
  readonly blocking?: 'jspi' | 'worker' | 'none';
  /**
   * Milliseconds that the guest may run, its start included; then it is ended, whatever it does, with a
   * `TimeLimitError`. Only in a worker. Default: no limit.
   */
  readonly timeLimit?: number;
}

/** The way that the options come to; throws a TypeError for what makes no sense. */
export function blockingOf({ blocking: wish, timeLimit }: WaitingOptions): 'jspi' | 'worker' | 'none' {
  const blocking = wish ?? (timeLimit === undefined && canSuspend() ? 'jspi' : 'worker');
  if (blocking !== 'jspi' && blocking !== 'worker' && blocking !== 'none')
    throw new TypeError(`the option blocking is 'jspi', 'worker' or 'none', not ${JSON.stringify(blocking)}`);
  if (timeLimit === undefined) return blocking;
  if (!(timeLimit > 0))
    throw new TypeError(`timeLimit is a number of milliseconds above 0, not ${String(timeLimit)}`);
  if (blocking !== 'worker')
    throw new TypeError(`timeLimit needs a guest in a worker, and blocking is '${blocking}'`);
  return blocking;
}
