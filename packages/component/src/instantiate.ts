/** Running instances out of compiled components. */
import { wrap, type Component } from './component.ts';
import { componentValue } from './link/component-value.ts';
import { finish, finishSync } from './link/finish.ts';
import { makeInstance, type InstantiateOptions } from './link/instance.ts';
import type { ComponentValue } from './link/frame.ts';

/** What a component exports, when no generated type says more. */
export interface AnyExports {
  readonly [name: string]: Exported;
}

/** A function, a class, or an object of them. */
export type Exported = ((...args: unknown[]) => unknown) &
  (new (...args: unknown[]) => Exported & Disposable) &
  AnyExports;

/**
 * Makes an instance of a component. `imports` has an implementation for each import: functions, classes for resources,
 * objects for interfaces (keyed by name, with any compatible version or without one), `WebAssembly.Module`s and
 * {@link Component}s. What comes back has the exports: the root's own functions, and an object for each interface under
 * its full name, its name without version, and its short name. An `async` function gives a promise, and may do so where
 * it is imported; a component that then would go on meanwhile traps.
 *
 * `Exports` and `Imports` of a generated `index.ts` type both. Throws LinkError naming everything that is missing or
 * different, before anything runs; Trap or what a host function threw, when instantiation fails.
 */
export function instantiate<Exports extends object = AnyExports>(component: Component): Promise<Exports>;
export function instantiate<Exports extends object = AnyExports, Imports extends object = object>(
  component: Component,
  imports: Imports,
  options?: InstantiateOptions,
): Promise<Exports>;
export async function instantiate(
  component: Component,
  imports: object = {},
  options: InstantiateOptions = {},
): Promise<object> {
  return finish(makeInstance(valueOf(component), imports, options, wrap));
}

/** As {@link instantiate}, at once. Browsers refuse large core modules this way. */
export function instantiateSync<Exports extends object = AnyExports>(component: Component): Exports;
export function instantiateSync<Exports extends object = AnyExports, Imports extends object = object>(
  component: Component,
  imports: Imports,
  options?: InstantiateOptions,
): Exports;
export function instantiateSync(
  component: Component,
  imports: object = {},
  options: InstantiateOptions = {},
): object {
  return finishSync(makeInstance(valueOf(component), imports, options, wrap));
}

function valueOf(component: Component): ComponentValue {
  const value = componentValue(component);
  if (value === undefined) throw new TypeError('instantiate takes a Component, as compile gives it');
  return value;
}
