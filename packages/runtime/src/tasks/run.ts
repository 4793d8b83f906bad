/** Runs core functions that are lifted with `async`, as long as nothing makes them wait. Spec: `canon_lift`. */
import type { CallScope } from '../call-scope.ts';
import type { CoreCallee, CoreValue, LiftedFunction } from '../function-type.ts';
import { trap } from '../trap.ts';
import { beginAsyncTask, endTask, tasksOf, waits, type Returning } from './task.ts';

/**
 * Calls the core function of an async lift, or what stands for it on a stack that can be suspended (then it gives a
 * promise). The result goes to `resolve`, as core values, before the function ends.
 */
export function runTask(
  { type, options, instance }: LiftedFunction,
  callee: CoreCallee | ((...core: CoreValue[]) => Promise<CoreValue | void>),
  core: readonly CoreValue[],
  scope: CallScope | undefined,
  resolve: Returning['resolve'],
): Promise<void> | void {
  const tasks = tasksOf(instance);
  const { result } = type;
  const name = type.name || 'an async function';
  const returning: Returning = { result, options, scope, resolve, resolved: false };
  const hasCallback = options.callback !== undefined;
  beginAsyncTask(tasks, name, hasCallback, returning);
  const end = (code: CoreValue | void): void => {
    if (hasCallback) expectExit(name, code as number);
    if (!returning.resolved) trap(`${name} ended without having called \`task.return\``);
    endTask(tasks);
  };
  const code = callee(...core);
  return code instanceof Promise ? code.then(end) : end(code);
}

/** Spec: `unpack_callback_result`. */
function expectExit(name: string, packed: number): void {
  const code = packed & 0xf;
  if (code > 2) trap(`unsupported callback code: ${code}`);
  if (code !== 0) waits(name);
}
