/** `canon resource.drop`: gives up a handle; dropping an owner ends the resource. Spec: `canon_resource_drop`. */
import { mayLeave, trapOnThrow, type ComponentInstance } from '../instance.ts';
import { escaped } from '../trap.ts';
import { dropHandle } from '../types/borrow.ts';

/** The core function for the type with this number in `cx.resources`. */
export function canonResourceDrop(resource: number, cx: ComponentInstance): (index: number) => void {
  return trapOnThrow(cx, (index: number) => {
    mayLeave(cx);
    try {
      dropHandle(cx, index >>> 0, resource);
    } catch (error) {
      // The destructor may be another component's.
      throw escaped(error);
    }
  });
}
