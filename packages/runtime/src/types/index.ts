/**
 * The Canonical ABI as descriptors, for components that are loaded without generated code: a type is built once, and
 * functions are lifted and lowered by what it says. Names of kinds are those of WIT. Types are taken to be valid: that they
 * have parts at all, and flags at most 32, is not checked again.
 *
 * @packageDocumentation
 */
/// <reference lib="esnext.disposable" preserve="true" />

// Primitive types
export { boolType } from './bool.ts';
export { u8Type } from './u8.ts';
export { s8Type } from './s8.ts';
export { u16Type } from './u16.ts';
export { s16Type } from './s16.ts';
export { u32Type } from './u32.ts';
export { s32Type } from './s32.ts';
export { u64Type } from './u64.ts';
export { s64Type } from './s64.ts';
export { f32Type } from './f32.ts';
export { f64Type } from './f64.ts';
export { charType } from './char.ts';
export { stringType } from './string.ts';

// Types made of types
export { list } from './list.ts';
export { fixedLengthList } from './fixed-length-list.ts';
export { record } from './record.ts';
export type { Field } from './record.ts';
export { tupleType as tuple } from './tuple.ts';
export { variant } from './variant.ts';
export type { Case, Tagged } from './variant.ts';
export { enumeration } from './enum.ts';
export { option } from './option.ts';
export { result } from './result.ts';
export type { ResultType } from './result.ts';
export { flags } from './flags.ts';
export { map } from './map.ts';

// Handles
export { own } from './own.ts';
export { borrow } from './borrow.ts';

// What they have in common
export type { Kind, ValueType } from './value-type.ts';
export type { CoreValue } from '../function-type.ts';
export { MAX_FLAT, MAX_FLAT_PARAMS, MAX_FLAT_RESULTS } from '../layout.ts';
export { flattenRecord, flattenRepeated, flattenVariant, recordLayout, variantLayout } from '../layout.ts';
export type { Sized } from '../layout.ts';

// Functions
export { flattenFunctionType } from '../function-type.ts';
export type {
  CanonicalOptions,
  CoreCallee,
  CoreFunctionType,
  FunctionType,
  LiftedFunction,
  Parameter,
} from '../function-type.ts';
export { canonLift, canonLiftSuspending } from '../canon/lift.ts';
export { canonFuse, canonFuseSuspending } from '../canon/fuse.ts';
export { canonLower, canonLowerSuspending } from '../canon/lower.ts';
export { canonResourceDrop } from '../canon/resource-drop.ts';
export { canonResourceNew } from '../canon/resource-new.ts';
export { canonResourceRep } from '../canon/resource-rep.ts';

// Calls with something of their own, and async functions
export { canonBackpressure } from '../tasks/backpressure.ts';
export { canonContextGet, canonContextSet } from '../tasks/context.ts';
export { canonFuseAsync } from '../tasks/fuse.ts';
export { endsTask, inTask } from '../tasks/in-task.ts';
export type { InTask } from '../tasks/in-task.ts';
export { canonLiftAsync } from '../tasks/lift.ts';
export { canonLowerAsync } from '../tasks/lower-async.ts';
export { waits } from '../tasks/task.ts';
export { canonTaskCancel, canonTaskReturn } from '../tasks/task-return.ts';

// Instances
export { ComponentInstance, enter, guestResource, hostResource, leave } from '../instance.ts';
export type { InstanceResource, LiftLowerOptions, Realloc } from '../instance.ts';
export type { StringEncoding } from '../string-encoding.ts';

export { limitHandles } from '../handle-table.ts';
export type { InstanceLimits } from '../core-world.ts';

// What generated code takes of a component
export { componentLinkage } from '../component-source.ts';
export type {
  ComponentLinkage,
  ComponentSource,
  CoreCanon,
  CoreLifts,
  CoreLinkage,
  LinkageOptions,
} from '../component-source.ts';
