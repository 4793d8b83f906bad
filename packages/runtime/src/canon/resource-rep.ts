/** `canon resource.rep`: the rep behind a handle to the guest's own resource. Spec: `canon_resource_rep`. */
import { trapOnThrow, type ComponentInstance } from '../instance.ts';
import { handleRep } from '../types/own.ts';

/** The core function for the type with this number in `cx.resources`. */
export function canonResourceRep(resource: number, cx: ComponentInstance): (index: number) => number {
  return trapOnThrow(cx, (index: number) => handleRep(cx, index >>> 0, resource));
}
