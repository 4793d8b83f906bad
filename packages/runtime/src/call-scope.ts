/** What passes between the two sides while one call is lifted or lowered. Spec: `LiftLowerContext.borrow_scope`. */
import { guest, type GuestObject } from './guest-resource.ts';
import type { ResourceHandle } from './handle-table.ts';
import type { ComponentInstance, InstanceResource } from './instance.ts';

/** The handles of one call. */
export interface CallScope {
  /** Handles of the guest that are lent to the host until the call is over. Spec: `Subtask.lenders`. */
  readonly lent: ResourceHandle[];
  /** Handles that lowering has put into the guest's table, to be taken back if a later value cannot be lowered. */
  readonly lowered: LoweredHandle[];
}

/** A handle that lowering added, and the value that it was made from. */
export interface LoweredHandle {
  readonly index: number;
  readonly type: InstanceResource;
  readonly value: unknown;
}

export function callScope(): CallScope {
  return { lent: [], lowered: [] };
}

/** Undoes the lowering of handles: the guest has not been told of them, and the host owns again what it gave. */
export function takeBack(cx: ComponentInstance, lowered: readonly LoweredHandle[]): void {
  for (const { index, type, value } of lowered.toReversed()) {
    const handle = cx.handles.remove(index, type);
    if (!handle.own) cx.borrows--;
    else if (type.destructor !== undefined) (value as GuestObject)[guest].rep = handle.rep as number;
  }
}
