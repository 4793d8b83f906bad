/** `borrow<R>`: a handle for the time of a call. Spec: `lift_borrow`, `lower_borrow`. */
import { guestRep, lendGuest } from '../guest-resource.ts';
import { ResourceHandle } from '../handle-table.ts';
import type { ComponentInstance } from '../instance.ts';
import { trap } from '../trap.ts';
import { badResource } from './own.ts';
import { loadU32, storeU32 } from './u32.ts';
import type { ValueType } from './value-type.ts';

/**
 * The host's object behind a handle. No lend is counted: while the host's function runs, nothing else can run in the
 * instance, so nothing can drop the handle. A call that also takes ownership counts: {@link liftLent}.
 */
export function liftBorrow(cx: ComponentInstance, index: number, resource: number): unknown {
  return cx.handles.get(index, cx.resources[resource]!).rep;
}

/** As {@link liftBorrow}, and the handle is lent until {@link endLends}: for calls that move other handles. */
export function liftLent(
  cx: ComponentInstance,
  index: number,
  resource: number,
  lent: ResourceHandle[],
): unknown {
  const type = cx.resources[resource]!;
  const handle = cx.handles.get(index, type);
  handle.lends++;
  lent.push(handle);
  return handle.rep;
}

/** Spec: `Subtask.deliver_resolve`. */
export function endLends(lent: readonly ResourceHandle[]): void {
  for (const handle of lent) handle.lends--;
}

/** Lends the host's object to the guest; it must drop the handle before the call ends. */
export function lowerBorrow(cx: ComponentInstance, value: unknown, resource: number, at: string): number {
  const type = cx.resources[resource]!;
  if (!(value instanceof type.implementation)) badResource(value, type.name, at);
  // The guest gets its own resources as they are. Spec: `cx.inst is t.rt.impl`.
  if (type.destructor !== undefined) return guestRep(value, type.name, at);
  cx.borrows++;
  return cx.handles.add(new ResourceHandle(type, value, false));
}

/** `[resource-drop]`: an owned host object is disposed of, an owned guest one destructed. Spec: `canon_resource_drop`. */
export function dropHandle(cx: ComponentInstance, index: number, resource: number): void {
  const type = cx.resources[resource]!;
  const handle = cx.handles.remove(index, type);
  if (handle.lends !== 0) trap(`cannot drop handle index ${index}: it is lent`);
  if (!handle.own) {
    cx.borrows--;
    return;
  }
  if (type.destructor !== undefined) {
    type.destructor(handle.rep as number);
    return;
  }
  const { rep } = handle;
  (rep as Partial<Disposable>)[Symbol.dispose]?.();
}

/** `borrow<R>` as a descriptor; `resource` is the type's number in `cx.resources`. */
export function borrow(resource: number): ValueType {
  const lift = (cx: ComponentInstance, index: number): unknown => {
    const { scope } = cx;
    if (scope === undefined) return liftBorrow(cx, index, resource);
    const rep = liftLent(cx, index, resource, scope.lent);
    if (cx.resources[resource]!.destructor === undefined) return rep;
    // The guest's own: a parent component lends what it implements to a component inside it.
    const lent = lendGuest(cx, resource, rep as number);
    scope.lentGuests.push(lent);
    return lent;
  };
  const lower = (cx: ComponentInstance, value: unknown, at: string): number => {
    const index = lowerBorrow(cx, value, resource, at);
    const type = cx.resources[resource]!;
    if (type.destructor === undefined) cx.scope?.lowered.push({ index, type, value });
    return index;
  };
  return {
    kind: 'borrow',
    size: 4,
    alignment: 4,
    flat: ['i32'],
    load: (cx, p) => lift(cx, loadU32(cx, p)),
    store: (cx, p, value, at) => storeU32(cx, p, lower(cx, value, at)),
    lift: (cx, values) => lift(cx, values.number() >>> 0),
    lower: (cx, value, out, at) => void out.push(lower(cx, value, at)),
  };
}
