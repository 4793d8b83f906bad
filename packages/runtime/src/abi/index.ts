/**
 * The complete list of what generated code may import.
 *
 * Leaf functions per WIT kind, the few that bracket a call, and the linking of core modules. Generated code names
 * them and nothing else of this package.
 *
 * @packageDocumentation
 */
/// <reference lib="esnext.disposable" preserve="true" />

// Numbers
export { liftU8, loadU8, storeU8, u8 } from '../types/u8.ts';
export { liftS8, loadS8, storeS8, s8 } from '../types/s8.ts';
export { liftU16, loadU16, storeU16, u16 } from '../types/u16.ts';
export { liftS16, loadS16, storeS16, s16 } from '../types/s16.ts';
export { liftU32, loadU32, storeU32, u32 } from '../types/u32.ts';
export { liftS32, loadS32, storeS32, s32 } from '../types/s32.ts';
export { liftU64, loadU64, storeU64, u64 } from '../types/u64.ts';
export { liftS64, loadS64, storeS64, s64 } from '../types/s64.ts';
export { f32, f32ToI32, i32ToF32, loadF32, storeF32 } from '../types/f32.ts';
export { f64, f64ToI64, i64ToF64, loadF64, storeF64 } from '../types/f64.ts';

// Other primitives
export { bool, liftBool, loadBool, storeBool } from '../types/bool.ts';
export { char, liftChar, loadChar, storeChar } from '../types/char.ts';
export { liftString, loadString, lowerString, storePair, storeString } from '../types/string.ts';

// Lists and maps
export {
  allocList,
  array,
  liftF32s,
  liftF64s,
  liftS16s,
  liftS32s,
  liftS64s,
  liftS8s,
  liftU16s,
  liftU32s,
  liftU64s,
  liftU8s,
  lowerF32s,
  lowerF64s,
  lowerS16s,
  lowerS32s,
  lowerS64s,
  lowerS8s,
  lowerU16s,
  lowerU32s,
  lowerU64s,
  lowerU8s,
} from '../types/list.ts';
export { fixedLength } from '../types/fixed-length-list.ts';
export { entries } from '../types/map.ts';

// Compounds
export { object } from '../types/record.ts';
export { tuple } from '../types/tuple.ts';
export { flag } from '../types/flags.ts';

// Handles
export { handleRep, liftOwn, lowerOwn, newHandle, takeRep } from '../types/own.ts';
export { dropHandle, endLends, liftBorrow, liftLent, lowerBorrow } from '../types/borrow.ts';
export { disposeGuest, guest, ownGuest, selfRep } from '../guest-resource.ts';
export type { GuestCell, GuestObject } from '../guest-resource.ts';
export { ResourceHandle } from '../handle-table.ts';
export type { brand } from '../brand.ts';

// Calls
export {
  alloc,
  check,
  checkList,
  ComponentInstance,
  endAsync,
  endBorrows,
  enter,
  enterAsync,
  enterAsyncLowered,
  enterLowered,
  guestResource,
  hostResource,
  leave,
  mayEnter,
  mayLeave,
  poison,
  post,
  trapOnThrow,
} from '../instance.ts';

// Failures
export { bad, ComponentError, payloadOf, within } from '../errors.ts';
export { trap } from '../trap.ts';

// Linking
export { instantiateCore, instantiateCoreSync } from '../link.ts';
export type { Fetched, ModuleSource } from '../link.ts';
export { findHost } from '../core-world.ts';
export type {
  CoreExports,
  CoreFunction,
  CoreInterface,
  CoreWorld,
  InstantiateOptions,
} from '../core-world.ts';
export { waiting } from './waiting.ts';
export { suspend } from '../jspi.ts';
