/** `canon backpressure.inc` and `canon backpressure.dec`. Spec: `canon_backpressure_inc`, `canon_backpressure_dec`. */
import { trapOnThrow, type ComponentInstance } from '../instance.ts';
import { trapIf } from '../trap.ts';
import { tasksOf } from './task.ts';

/** The core function that adds `by`, 1 or -1: above 0, async functions have to wait before they start. */
export function canonBackpressure(by: number, cx: ComponentInstance): () => void {
  const tasks = tasksOf(cx);
  return trapOnThrow(cx, () => {
    tasks.backpressure += by;
    trapIf(tasks.backpressure < 0 || tasks.backpressure === 2 ** 16, 'backpressure counter out of range');
  });
}
