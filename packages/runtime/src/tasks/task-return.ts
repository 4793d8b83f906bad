/** `canon task.return`: gives the result of a function that is lifted with `async`. Spec: `canon_task_return`. */
import type { CoreCallee } from '../function-type.ts';
import {
  mayLeave,
  trapBorrows,
  trapOnThrow,
  type ComponentInstance,
  type LiftLowerOptions,
} from '../instance.ts';
import { trap, trapIf } from '../trap.ts';
import type { ValueType } from '../types/value-type.ts';
import { tasksOf, type Returning } from './task.ts';

/** The core function for results of this type, which is the same object for equal types. */
export function canonTaskReturn(
  result: ValueType | undefined,
  { memory, stringEncoding }: LiftLowerOptions,
  cx: ComponentInstance,
): CoreCallee {
  const returning = asyncTask('task.return', cx);
  return trapOnThrow(cx, (...core) => {
    const task = returning();
    const { options } = task;
    // What is lifted without memory fits one who has some: the reference tests ask for that.
    const sameOptions =
      options.stringEncoding === stringEncoding && (memory === undefined || options.memory === memory);
    trapIf(
      task.result !== result || !sameOptions,
      'invalid `task.return` signature and/or options for current task',
    );
    trapIf(task.resolved, '`task.return` or `task.cancel` called more than once for current task');
    if (task.scope !== undefined && task.scope.borrows !== 0) trapBorrows();
    task.resolve(core);
    task.resolved = true;
  });
}

/** `canon task.cancel`. There is nothing yet that asks for a task to be cancelled. Spec: `canon_task_cancel`. */
export function canonTaskCancel(cx: ComponentInstance): () => void {
  const returning = asyncTask('task.cancel', cx);
  return trapOnThrow(cx, () => {
    returning();
    trap('`task.cancel` called by task which has not been cancelled');
  });
}

/** Finds how the current task returns, if it was lifted with `async` and may leave the instance. */
function asyncTask(name: string, cx: ComponentInstance): () => Returning {
  const tasks = tasksOf(cx);
  return () => {
    mayLeave(cx);
    return tasks.current.returning ?? trap(`\`${name}\` called by a task that is not lifted with \`async\``);
  };
}
