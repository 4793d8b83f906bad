/**
 * Guests in JavaScript and TypeScript: what generated code of target `guest` stands on, in process. An implementation is
 * put behind a linear memory of its own, so that it links with hosts, and by them with other guests, as WebAssembly does:
 * values are lowered and lifted, handles are numbers in tables, and a failure ends the instance.
 *
 * @packageDocumentation
 */
/// <reference lib="esnext.disposable" preserve="true" />

// Modules
export { guestModule, guestUsage } from './module.ts';
export type { GuestLimits, GuestUsage } from './module.ts';
export { throughMemory } from './through-memory.ts';
export { coreModule } from '../core-module.ts';
export type { CoreModule, CoreModuleExports, GuestModule } from '../core-module.ts';
export type { InstanceLimits, InstantiateOptions } from '../core-world.ts';

// Worlds
export type { GuestFunction, GuestInterface, GuestResource, GuestWorld } from './world.ts';

// Primitive types
export {
  boolType,
  charType,
  f32Type,
  f64Type,
  s16Type,
  s32Type,
  s64Type,
  s8Type,
  u16Type,
  u32Type,
  u64Type,
  u8Type,
} from '../types/index.ts';
export { stringType } from './owned-values.ts';

// Types made of types
export { list, map } from './owned-values.ts';
export {
  enumeration,
  fixedLengthList,
  flags,
  option,
  record,
  result,
  tuple,
  variant,
} from '../types/index.ts';
export { kindVariant } from './kind-variant.ts';
export type { ValueType } from '../types/index.ts';

// Handles
export { borrow, own } from './handles.ts';
