/** Core functions that are called in a task of their own. Spec: `canon_lift`. */
import type { CoreCallee, CoreValue } from '../function-type.ts';
import type { ComponentInstance } from '../instance.ts';
import { onStack, promising } from '../jspi.ts';
import { beginAsyncTask, beginTask, endTask, tasksOf } from './task.ts';

/** What lifts a core function without `async`. */
export interface InTask {
  /** The name of an async function, for messages. */
  readonly async?: string | undefined;
  /** The call goes on with a function from {@link endsTask}. */
  readonly goesOn?: boolean;
}

/** A core function as one that begins a task and ends it. */
export function inTask(
  cx: ComponentInstance,
  callee: CoreCallee,
  { async, goesOn = false }: InTask = {},
): CoreCallee {
  const tasks = tasksOf(cx);
  const begin = (): void =>
    async === undefined ? beginTask(tasks) : beginAsyncTask(tasks, async, true, undefined);
  const end = (result: CoreValue | void): CoreValue | void => {
    if (!goesOn) endTask(tasks);
    return result;
  };
  const call: CoreCallee = (...core) => {
    begin();
    return end(callee(...core));
  };
  return Object.assign(call, {
    [onStack]() {
      const later = promising(callee) as (...core: CoreValue[]) => Promise<CoreValue | void>;
      return (...core: CoreValue[]) => {
        begin();
        return later(...core).then(end);
      };
    },
  });
}

/** `post-return`, which is of the same task as the function before it. */
export function endsTask(cx: ComponentInstance, postReturn: (...core: CoreValue[]) => void) {
  const tasks = tasksOf(cx);
  return (...core: CoreValue[]): void => {
    postReturn(...core);
    endTask(tasks);
  };
}
