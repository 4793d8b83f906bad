/** The runtime's functions for each primitive type, and for lists of numbers. */
import { resolveAlias, type PrimitiveKind, type Type } from '@wittle/parser';
import type { Name } from '../../../emit/code.ts';
import { abi, type AbiName } from '../abi.ts';

/** What the runtime has for a primitive type. */
export interface Primitive {
  readonly load: AbiName;
  readonly store: AbiName;
  /** Checks a value and gives its core value; `undefined` where storing checks. */
  readonly check: AbiName | undefined;
  /** From a core value; `undefined` where it is the value. */
  readonly lift: AbiName | undefined;
}

const PRIMITIVES: Readonly<Record<Exclude<PrimitiveKind, 'error-context'>, Primitive>> = {
  bool: { load: 'loadBool', store: 'storeBool', check: 'bool', lift: 'liftBool' },
  u8: { load: 'loadU8', store: 'storeU8', check: 'u8', lift: 'liftU8' },
  u16: { load: 'loadU16', store: 'storeU16', check: 'u16', lift: 'liftU16' },
  u32: { load: 'loadU32', store: 'storeU32', check: 'u32', lift: 'liftU32' },
  u64: { load: 'loadU64', store: 'storeU64', check: 'u64', lift: 'liftU64' },
  s8: { load: 'loadS8', store: 'storeS8', check: 's8', lift: 'liftS8' },
  s16: { load: 'loadS16', store: 'storeS16', check: 's16', lift: 'liftS16' },
  s32: { load: 'loadS32', store: 'storeS32', check: 's32', lift: undefined },
  s64: { load: 'loadS64', store: 'storeS64', check: 's64', lift: undefined },
  f32: { load: 'loadF32', store: 'storeF32', check: 'f32', lift: undefined },
  f64: { load: 'loadF64', store: 'storeF64', check: 'f64', lift: undefined },
  char: { load: 'loadChar', store: 'storeChar', check: 'char', lift: 'liftChar' },
  string: { load: 'loadString', store: 'storeString', check: undefined, lift: undefined },
};

export function primitive(kind: PrimitiveKind): Primitive {
  if (kind === 'error-context') throw unsupported(kind);
  return PRIMITIVES[kind];
}

/** The runtime's function for a list of numbers: `liftU8s`, `lowerF64s`. */
export function numbersFunction(verb: 'lift' | 'lower', element: Type): Name {
  return abi[`${verb}${resolveAlias(element).kind.toUpperCase()}s` as AbiName];
}

/** A kind of type that worlds are refused for before any code is written. */
export function unsupported(kind: string): Error {
  return new Error(`a ${kind} has no synchronous glue`);
}
