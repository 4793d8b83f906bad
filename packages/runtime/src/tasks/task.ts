/**
 * The calls that run in an instance, for components that look at what belongs to a call. Nothing here waits: a call runs
 * to its end before the one that it interrupted goes on. Spec: `Task`, and the one `Thread` that each has.
 */
import type { CallScope } from '../call-scope.ts';
import type { CoreValue } from '../function-type.ts';
import type { ComponentInstance, LiftLowerOptions } from '../instance.ts';
import { trap } from '../trap.ts';
import type { ValueType } from '../types/value-type.ts';

/** One call. */
export interface Task {
  /** What `context.get` and `context.set` see. Spec: `Thread.storage`. */
  readonly storage: CoreValue[];
  /** The call that it interrupted. */
  readonly outer: Task | undefined;
  /** It is of an async function that runs alone in its instance. Spec: `Task.needs_exclusive`. */
  readonly isExclusive: boolean;
  /** How it gives its result; `undefined` for a function that is lifted without `async`, and simply returns it. */
  readonly returning: Returning | undefined;
}

/** A result that `task.return` gives. */
export interface Returning {
  /** Equal types are the same object here. */
  readonly result: ValueType | undefined;
  readonly options: LiftLowerOptions;
  readonly scope: CallScope | undefined;
  /** Takes the result as core values. Spec: `Task.on_resolve`. */
  readonly resolve: (core: CoreValue[]) => void;
  resolved: boolean;
}

/** The calls of one instance. */
export interface InstanceTasks {
  /** The innermost. Spec: `current_task`. */
  current: Task;
  /** How often more calls were refused than allowed. Spec: `ComponentInstance.backpressure`. */
  backpressure: number;
  /** Spec: `ComponentInstance.exclusive_thread`. */
  isExclusive: boolean;
}

const known = new WeakMap<ComponentInstance, InstanceTasks>();

export function tasksOf(cx: ComponentInstance): InstanceTasks {
  let tasks = known.get(cx);
  if (tasks === undefined) {
    // The outermost is that of start functions.
    const current = { storage: [0, 0], outer: undefined, isExclusive: false, returning: undefined };
    known.set(cx, (tasks = { current, backpressure: 0, isExclusive: false }));
  }
  return tasks;
}

/** A call of a function that is not async begins. */
export function beginTask(tasks: InstanceTasks): void {
  tasks.current = { storage: [0, 0], outer: tasks.current, isExclusive: false, returning: undefined };
}

/** A call of an async function begins; `name` is for messages. Spec: `Task.enter_implicit_thread`. */
export function beginAsyncTask(
  tasks: InstanceTasks,
  name: string,
  isExclusive: boolean,
  returning: Returning | undefined,
): void {
  if (tasks.backpressure !== 0 || (isExclusive && tasks.isExclusive)) waits(`the call of ${name}`);
  tasks.current = { storage: [0, 0], outer: tasks.current, isExclusive, returning };
  if (isExclusive) tasks.isExclusive = true;
}

/** The innermost call is over. Spec: `Task.exit_implicit_thread`. */
export function endTask(tasks: InstanceTasks): void {
  const { outer, isExclusive } = tasks.current;
  if (isExclusive) tasks.isExclusive = false;
  tasks.current = outer!;
}

/** Refuses what a component may do and we cannot yet. */
export function waits(what: string): never {
  trap(`${what} waits, and component model async cannot wait yet`);
}
