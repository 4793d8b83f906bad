/** What passes between the two sides while one call is lifted or lowered. Spec: `LiftLowerContext.borrow_scope`. */
import { endGuestLend, guest, type GuestObject } from './guest-resource.ts';
import type { BorrowScope, ResourceHandle } from './handle-table.ts';
import type { ComponentInstance, InstanceResource } from './instance.ts';
import { endLends } from './types/borrow.ts';

/** The handles of one call. */
export interface CallScope extends BorrowScope {
  /** Handles of the guest that are lent until the call is over. Spec: `Subtask.lenders`. */
  readonly lent: ResourceHandle[];
  /** What the host sees of those that are a component's own resources. */
  readonly lentGuests: GuestObject[];
  /** Handles that lowering has put into the guest's table, to be taken back if a later value cannot be lowered. */
  readonly lowered: LoweredHandle[];
}

/** A handle that lowering added, and the value that it was made from. */
export interface LoweredHandle {
  readonly index: number;
  readonly type: InstanceResource;
  /** `undefined` when it came from another component. */
  readonly value: unknown;
}

export function callScope(): CallScope {
  return { borrows: 0, lent: [], lentGuests: [], lowered: [] };
}

/** The call is over: what was lent is the guest's alone again. Spec: `Subtask.deliver_resolve`. */
export function endScope({ lent, lentGuests }: CallScope): void {
  endLends(lent);
  for (const each of lentGuests) endGuestLend(each);
}

/** Makes a scope that has ended one for the next call. */
export function reuseScope(scope: CallScope): CallScope {
  if (scope.lent.length !== 0) scope.lent.length = 0;
  if (scope.lentGuests.length !== 0) scope.lentGuests.length = 0;
  if (scope.lowered.length !== 0) scope.lowered.length = 0;
  return scope;
}

/** Undoes the lowering of handles: the guest has not been told of them, and the host owns again what it gave. */
export function takeBack(cx: ComponentInstance, lowered: readonly LoweredHandle[]): void {
  for (const { index, type, value } of lowered.toReversed()) {
    const handle = cx.handles.remove(index, type);
    const cell = handle.own ? (value as Partial<GuestObject> | undefined)?.[guest] : undefined;
    if (cell !== undefined) cell.rep = handle.rep as number;
  }
}
