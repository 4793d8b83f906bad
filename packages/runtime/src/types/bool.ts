/** `bool`: a boolean; any core value but 0 is true. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';
import { leaf, type ValueType } from './value-type.ts';

/** The core value of a checked boolean. */
export function bool(value: unknown, at: string): number {
  if (typeof value !== 'boolean') badBool(value, at);
  return value ? 1 : 0;
}

/** Spec: `convert_int_to_bool`. */
export function liftBool(core: number): boolean {
  return core !== 0;
}

export function loadBool(cx: ComponentInstance, p: number): boolean {
  return cx.u8[p] !== 0;
}

export function storeBool(cx: ComponentInstance, p: number, core: number): void {
  cx.u8[p] = core;
}

function badBool(value: unknown, at: string): never {
  bad(value, 'boolean', at);
}

/** `bool` as a descriptor. */
export const boolType: ValueType<boolean> = /* @__PURE__ */ leaf({
  kind: 'bool',
  size: 1,
  core: 'i32',
  load: loadBool,
  store: (cx, p, value, at) => storeBool(cx, p, bool(value, at)),
  liftCore: (_, core) => liftBool(core as number),
  lowerCore: (_, value, at) => bool(value, at),
});
