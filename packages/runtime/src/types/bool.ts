/** `bool`: a boolean; any core value but 0 is true. */
import { bad } from '../errors.ts';
import type { ComponentInstance } from '../instance.ts';

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
