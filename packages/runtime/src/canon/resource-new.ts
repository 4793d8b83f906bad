/** `canon resource.new`: a handle to a rep of the guest's own. Spec: `canon_resource_new`. */
import { mayLeave, trapOnThrow, type ComponentInstance } from '../instance.ts';
import { newHandle } from '../types/own.ts';

/** The core function for the type with this number in `cx.resources`. */
export function canonResourceNew(resource: number, cx: ComponentInstance): (rep: number) => number {
  return trapOnThrow(cx, (rep: number) => {
    mayLeave(cx);
    return newHandle(cx, rep, resource);
  });
}
