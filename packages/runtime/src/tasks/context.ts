/** `canon context.get` and `canon context.set`: numbers that belong to a call. Spec: `canon_context_get`, `canon_context_set`. */
import type { CoreValue } from '../function-type.ts';
import type { ComponentInstance } from '../instance.ts';
import { tasksOf } from './task.ts';

/** The core function for a slot, 0 or 1; all slots of a component are of one type. */
export function canonContextGet(type: 'i32' | 'i64', slot: number, cx: ComponentInstance): () => CoreValue {
  const tasks = tasksOf(cx);
  return type === 'i32' ? () => tasks.current.storage[slot]! : () => BigInt(tasks.current.storage[slot]!);
}

/** The core function for a slot, 0 or 1. */
export function canonContextSet(slot: number, cx: ComponentInstance): (value: CoreValue) => void {
  const tasks = tasksOf(cx);
  return (value) => {
    tasks.current.storage[slot] = value;
  };
}
