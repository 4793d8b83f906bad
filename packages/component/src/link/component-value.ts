/** What is behind the `Component` objects that hosts hold. */
import type { ComponentValue } from './frame.ts';

const values = new WeakMap<object, () => ComponentValue>();

/** Says what a component object stands for; it is asked for when the component is first needed. */
export function standsFor(component: object, value: () => ComponentValue): void {
  values.set(component, value);
}

/** What a component object stands for; `undefined` for any other value. */
export function componentValue(component: unknown): ComponentValue | undefined {
  return values.get(component as object)?.();
}
