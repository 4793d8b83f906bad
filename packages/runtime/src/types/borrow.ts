/** `borrow<R>`: a handle for the time of a call. Spec: `lift_borrow`, `lower_borrow`. */
import { destruct, guestRep, lendGuest } from '../guest-resource.ts';
import { ResourceHandle } from '../handle-table.ts';
import { enterAll, enteringSet, isOwn, type ComponentInstance, type InstanceResource } from '../instance.ts';
import { trap } from '../trap.ts';
import { badResource, isOf } from './own.ts';
import { loadU32, storeU32 } from './u32.ts';
import { leaf, type ValueType } from './value-type.ts';

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
  if (!isOf(value, type)) badResource(value, type, at);
  const rep = type.destructor === undefined ? value : guestRep(value, type.name, at);
  return lend(cx, type, rep);
}

/** Lends a handle to what stands behind `rep`. Spec: `lower_borrow`. */
export function lend(cx: ComponentInstance, type: InstanceResource, rep: unknown): number {
  // An instance gets its own resources as they are.
  if (isOwn(cx, type)) return rep as number;
  const { scope } = cx;
  if (scope === undefined) cx.borrows++;
  else scope.borrows++;
  const index = cx.handles.add(new ResourceHandle(type, rep, false, scope));
  scope?.lowered.push({ index, type, value: undefined });
  return index;
}

/** `[resource-drop]`: an owned host object is disposed of, an owned guest one destructed. Spec: `canon_resource_drop`. */
export function dropHandle(cx: ComponentInstance, index: number, resource: number): void {
  const type = cx.resources[resource]!;
  const { own, lends, scope, rep } = cx.handles.remove(index, type);
  if (lends !== 0) trap(`cannot remove owned resource while borrowed: handle index ${index} is lent`);
  if (!own) {
    if (scope === undefined) cx.borrows--;
    else scope.borrows--;
  } else if (type.destructor === undefined) (rep as Partial<Disposable>)[Symbol.dispose]?.();
  else {
    const owner = type.owner ?? cx;
    const entered = enteringSet(owner, cx);
    enterAll(entered);
    destruct(entered, owner, type, rep as number);
  }
}

/** `borrow<R>` as a descriptor; `resource` is the type's number in `cx.resources`. */
export function borrow(resource: number): ValueType {
  const lift = (cx: ComponentInstance, index: number): unknown => {
    const { scope } = cx;
    if (scope === undefined) return liftBorrow(cx, index, resource);
    const rep = liftLent(cx, index, resource, scope.lent);
    if (cx.resources[resource]!.destructor === undefined) return rep;
    // A component's: the host sees an object that stands for it.
    const lent = lendGuest(cx, resource, rep as number);
    scope.lentGuests.push(lent);
    return lent;
  };
  return leaf({
    kind: 'borrow',
    size: 4,
    core: 'i32',
    count: resource,
    load: (cx, p) => lift(cx, loadU32(cx, p)),
    store: (cx, p, value, at) => storeU32(cx, p, lowerBorrow(cx, value, resource, at)),
    liftCore: (cx, index) => lift(cx, (index as number) >>> 0),
    lowerCore: (cx, value, at) => lowerBorrow(cx, value, resource, at),
  });
}
