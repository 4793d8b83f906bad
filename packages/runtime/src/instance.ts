/** One instance of a component: its memory as views, its handles, and whether it may be entered. Spec: `ComponentInstance`. */
import type { CallScope } from './call-scope.ts';
import type { CoreValue } from './function-type.ts';
import { HandleTable, type ResourceType } from './handle-table.ts';
import type { StringEncoding } from './string-encoding.ts';
import { trap } from './trap.ts';
import type { WasmMemory } from './platform.ts';

/** The guest's allocator, `cabi_realloc`. */
export type Realloc = (old: number, oldSize: number, alignment: number, size: number) => number;

/**
 * What a canonical function says of the memory that its values pass through. Spec: `LiftLowerOptions`.
 */
export interface LiftLowerOptions {
  readonly stringEncoding: StringEncoding;
  /** `undefined` for a function whose values need none. */
  readonly memory: WasmMemory | undefined;
  /** `undefined` for a function that has nothing lowered into memory. */
  readonly realloc: Realloc | undefined;
}

/**
 * A resource type as an instance knows it. Several instances may hold the same object, which is the type's identity.
 * Spec: `ResourceType`.
 */
export interface InstanceResource extends ResourceType {
  /** The class that its values are of on the host's side. */
  implementation: abstract new (...args: never) => unknown;
  /** A resource that a component implements: runs its destructor. `undefined` for the host's. */
  destructor: ((rep: number) => void) | undefined;
  /**
   * The instance that implements it; `undefined` for the host's, and where there is but one instance that could.
   * Spec: `ResourceType.impl`.
   */
  owner: ComponentInstance | undefined;
}

/** A resource type that the host implements, by a class. Without one nothing is of this type. */
export function hostResource(name: string, implementation: unknown): InstanceResource {
  return {
    name,
    implementation: typeof implementation === 'function' ? (implementation as typeof NoClass) : NoClass,
    destructor: undefined,
    owner: undefined,
  };
}

/** A resource type that a component implements; the exports give it its class and destructor. */
export function guestResource(name: string, owner?: ComponentInstance): InstanceResource {
  // A class of its own until then: handles of two types must not be taken for each other.
  return { name, implementation: class {}, destructor: () => {}, owner };
}

/** Whether the instance itself implements the type. Spec: `cx.inst is t.rt.impl`. */
export function isOwn(cx: ComponentInstance, { owner, destructor }: InstanceResource): boolean {
  return owner === cx || (owner === undefined && destructor !== undefined);
}

class NoClass {}

/**
 * The context that all generated code takes first. Views are cached and renewed when the memory grew: growing detaches
 * the old buffer, so a view of length 0 fails the bounds check, and the bounds check renews them.
 */
export class ComponentInstance {
  /** For messages: the world's name. */
  readonly name: string;
  /** The instance that it was made in, if not by the host. Spec: `ComponentInstance.parent`. */
  readonly parent: ComponentInstance | undefined;
  memory: WasmMemory | undefined;
  realloc: Realloc | undefined;
  u8: Uint8Array = new Uint8Array(0);
  u32: Uint32Array = new Uint32Array(0);
  f64: Float64Array = new Float64Array(0);
  view: DataView = new DataView(this.u8.buffer);
  /** The length that goes with the pointer that the last lowering gave. */
  len: number = 0;
  /** The second core value of the last value that a descriptor lowered to two. */
  second: CoreValue = 0;
  /**
   * 0: nothing runs in it. 1: a call runs or waits in it; a trap leaves it so, which is what poisons the instance, no
   * handler needed. 2: `realloc` or `post-return` runs, it may not call out (spec: `may_leave` is false). 3: a call out
   * of it failed; it is dead even if core code caught that. 4: an instance inside it was entered, and with that it, too.
   *
   * Written as numbers below: a constant of the module costs a check at each use, and these functions must stay small
   * enough to be inlined wherever they are called.
   */
  state: number = 0;
  /** Handles lent to the running call of generated code that it has not dropped yet. Spec: `num_borrows`. */
  borrows: number = 0;
  stringEncoding: StringEncoding;
  /** Whose memory, allocator and encoding are in use: those of the instance, unless a function has its own. */
  options: LiftLowerOptions;
  /** How many values are being lowered, by descriptors, that may run host code in the middle: getters, proxies. */
  lowering: number = 0;
  /** All that functions have brought. */
  readonly known: LiftLowerOptions[] = [];
  /** The call whose values are being lifted or lowered by descriptors. */
  scope: CallScope | undefined;
  /** The arguments of a call may be too many handles, before the instance is entered: that is its end, too. */
  readonly handles: HandleTable = new HandleTable(() => void (this.state = 3));
  /** The world's resource types, by the number that generated code gives them. */
  readonly resources: InstanceResource[] = [];
  /** Where a host call that must wait leaves what it waits for. */
  pending: Promise<unknown> | undefined;
  /** Some of its host calls are made so that they can wait. */
  canWait: boolean = false;
  /** The running call was made in a way that may wait. */
  maySuspend: boolean = false;

  constructor(name: string, stringEncoding: StringEncoding = 'utf8', parent?: ComponentInstance) {
    this.name = name;
    this.parent = parent;
    this.stringEncoding = stringEncoding;
    this.options = { stringEncoding, memory: undefined, realloc: undefined };
  }
}

/** Gives an instance its memory and allocator, once the core module is there. */
export function giveMemory(
  cx: ComponentInstance,
  memory: WasmMemory | undefined,
  realloc: Realloc | undefined,
): void {
  cx.memory = memory;
  cx.realloc = realloc ?? noRealloc;
  cx.options = { stringEncoding: cx.stringEncoding, memory, realloc: cx.realloc };
  if (memory !== undefined) refresh(cx);
}

/**
 * Puts a function's memory, allocator and encoding into use; gives those that were. One component instance can have
 * several of each, and every lifting and lowering selects its own first.
 */
export function select(cx: ComponentInstance, options: LiftLowerOptions): LiftLowerOptions {
  const previous = cx.options;
  if (previous === options) return previous;
  cx.options = options;
  cx.stringEncoding = options.stringEncoding;
  cx.realloc = options.realloc ?? noRealloc;
  if (options.memory !== undefined && options.memory !== cx.memory) {
    cx.memory = options.memory;
    refresh(cx);
  }
  return previous;
}

/**
 * A function's options as {@link select} takes them: the same object for the same memory, allocator and encoding, so
 * that there is seldom anything to select.
 */
export function selectable(
  cx: ComponentInstance,
  { stringEncoding, memory, realloc }: LiftLowerOptions,
): LiftLowerOptions {
  const wanted = { stringEncoding, memory, realloc };
  const found = cx.known.find(
    (each) => each.memory === memory && each.realloc === realloc && each.stringEncoding === stringEncoding,
  );
  if (found !== undefined) return found;
  cx.known.push(wanted);
  if (cx.memory === undefined && memory !== undefined) select(cx, wanted);
  return wanted;
}

/** Puts back what was selected, if that was in the middle of lowering something. */
export function reselect(cx: ComponentInstance, previous: LiftLowerOptions): void {
  if (cx.lowering !== 0) select(cx, previous);
}

function noRealloc(): never {
  return trap('the core module exports no `cabi_realloc`, which a string or list needs');
}

/** Makes the views anew if the memory has grown. */
export function renew(cx: ComponentInstance): void {
  if (cx.memory !== undefined && cx.u8.length !== cx.memory.buffer.byteLength) refresh(cx);
}

function refresh(cx: ComponentInstance): void {
  const { buffer } = cx.memory!;
  cx.u8 = new Uint8Array(buffer);
  cx.u32 = new Uint32Array(buffer);
  cx.f64 = new Float64Array(buffer);
  cx.view = new DataView(buffer);
}

// Calls

/**
 * Begins to lower something into the guest's memory or handles: refuses when the instance cannot be entered now, and
 * renews the views if the last call grew the memory. Ends with {@link enterLowered}.
 */
export function mayEnter(cx: ComponentInstance): void {
  if (cx.state !== 0) refuseEnter(cx);
  if (!cx.u8.length) renew(cx);
}

/** Enters the instance. Everything is lowered by now: from here on, an exception leaves it poisoned. */
export function enter(cx: ComponentInstance): void {
  if (cx.state !== 0) refuseEnter(cx);
  cx.state = 1;
}

/**
 * Enters the instance after {@link mayEnter}. What was lowered meanwhile is in the memory only if its views lasted: a
 * getter of a value may have called the guest, which grew it.
 */
export function enterLowered(cx: ComponentInstance): void {
  if (!cx.u8.length) grownMeanwhile(cx);
  enter(cx);
}

/** Enters the instance for a call that may wait, so that its host calls may suspend. */
export function enterAsync(cx: ComponentInstance): void {
  enter(cx);
  cx.maySuspend = true;
}

/** {@link enterLowered} for a call that may wait. */
export function enterAsyncLowered(cx: ComponentInstance): void {
  enterLowered(cx);
  cx.maySuspend = true;
}

/** A call that may wait has come back: its `post-return` runs as any other. */
export function endAsync(cx: ComponentInstance): void {
  cx.maySuspend = false;
}

/** The call is over; core code has not caught what made the instance dead. */
export function leave(cx: ComponentInstance): void {
  if (cx.state !== 1) refuseReturn(cx);
  cx.state = 0;
}

/** Refuses a call out of the instance while `realloc` or `post-return` runs. Spec: `may_leave`. */
export function mayLeave(cx: ComponentInstance): void {
  if (cx.state !== 1) refuseLeave(cx);
}

/**
 * A core function for the guest whose failure is the end of the instance: to core code a trap of ours, or an error of
 * the host, is an exception that it can catch, and then it would go on. Spec: `call_and_trap_on_throw`.
 */
export function trapOnThrow<A extends readonly unknown[], R>(
  cx: ComponentInstance,
  call: (...args: A) => R,
): (...args: A) => R {
  return (...args) => {
    try {
      return call(...args);
    } catch (error) {
      cx.state = 3;
      throw error;
    }
  };
}

/** The same for generated code, around the whole of such a function: to be thrown on. */
export function poison(cx: ComponentInstance, error: unknown): unknown {
  cx.state = 3;
  return error;
}

/** Refuses to go on when core code has caught what made the instance dead. */
export function stillEntered(cx: ComponentInstance): void {
  if (cx.state !== 1) refuseReturn(cx);
}

function refuseReturn(cx: ComponentInstance): never {
  cx.state = 3;
  trap(`component instance ${cx.name} is dead: one of its calls trapped`);
}

/** Runs a function's `post-return` and ends the call. Spec: `canon_lift`. */
export function post<T extends number | bigint | void>(
  cx: ComponentInstance,
  postReturn: (result: T) => void,
  result: T,
): void {
  runPost(cx, postReturn, result);
  cx.state = 0;
}

/** Runs a function's `post-return`; the call goes on. */
export function runPost<T>(cx: ComponentInstance, postReturn: (result: T) => void, result: T): void {
  stillEntered(cx);
  cx.state = 2;
  postReturn(result);
  notLeft(cx);
  cx.state = 1;
}

/** Core code has not caught a call out of `realloc` or `post-return`, either. */
function notLeft(cx: ComponentInstance): void {
  if (cx.state !== 2) refuseReturn(cx);
}

/**
 * Ends a call that was lent handles: it must have dropped them. `before` counts those of calls whose arguments are
 * still being lowered, when a getter of one has made this call. Spec: `Task.return_`.
 */
export function endBorrows(cx: ComponentInstance, before: number = 0): void {
  if (cx.borrows !== before) trapBorrows();
}

export function trapBorrows(): never {
  trap('borrow handles still remain at the end of the call');
}

/**
 * The instances that a call enters: the callee and those around it that the caller is not inside of.
 * Spec: `ComponentInstance.entering_set`.
 */
export function enteringSet(
  callee: ComponentInstance,
  caller: ComponentInstance | undefined,
): readonly ComponentInstance[] {
  const entered: ComponentInstance[] = [];
  for (let each: ComponentInstance | undefined = callee; each !== undefined; each = each.parent) {
    for (let other = caller; other !== undefined; other = other.parent) if (other === each) return entered;
    entered.push(each);
  }
  return entered;
}

/** Spec: `ComponentInstance.enter_from`. It is not their code that runs yet. */
export function enterAll(instances: readonly ComponentInstance[]): void {
  for (const each of instances) if (each.state !== 0) refuseEnter(each);
  for (const each of instances) each.state = 4;
}

/** Spec: `ComponentInstance.leave_to`. What has died stays so. */
export function leaveAll(instances: readonly ComponentInstance[]): void {
  for (const each of instances) if (each.state === 4) each.state = 0;
}

/** Views that are gone although nothing of ours grew the memory; an empty memory has none to lose. */
function grownMeanwhile(cx: ComponentInstance): void {
  if (cx.memory === undefined || cx.memory.buffer.byteLength === 0) return;
  renew(cx);
  throw new Error(
    `component instance ${cx.name} was called by a getter of an argument, and grew its memory: what was lowered is lost`,
  );
}

export function refuseEnter(cx: ComponentInstance): never {
  trap(
    `cannot enter component instance ${cx.name}: ${cx.state === 2 ? 'it is in realloc or post-return' : 'a call is in progress, or one of its calls trapped'}`,
  );
}

function refuseLeave(cx: ComponentInstance): never {
  const inner = cx.state === 2;
  if (cx.state !== 0) cx.state = 3;
  trap(
    `cannot leave component instance ${cx.name}: ${inner ? 'it is in realloc or post-return' : 'no call is in progress, or one of its calls trapped'}`,
  );
}

// Memory

/** Traps unless `size` bytes at `p` are inside the memory and `p` is a multiple of `mask` + 1. */
export function check(cx: ComponentInstance, p: number, size: number, mask: number): void {
  if ((p & mask) !== 0 || p + size > cx.u8.length) outside(cx, p, size, mask);
}

/** Allocates in the guest. Spec: `LiftLowerContext.allocate`. */
export function alloc(cx: ComponentInstance, alignment: number, size: number): number {
  return realloc(cx, 0, 0, alignment, size);
}

/** Allocates for what is in another instance's memory, or in the same: then it may be that one that grows. */
export function allocFrom(
  from: ComponentInstance,
  cx: ComponentInstance,
  alignment: number,
  size: number,
): number {
  const p = alloc(cx, alignment, size);
  if (!from.u8.length) renew(from);
  return p;
}

/** Spec: `LiftLowerContext.reallocate`. */
export function realloc(
  cx: ComponentInstance,
  old: number,
  oldSize: number,
  alignment: number,
  size: number,
): number {
  const { state } = cx;
  if (!cx.u8.length) grownMeanwhile(cx);
  cx.state = 2;
  const p = cx.realloc!(old, oldSize, alignment, size) >>> 0;
  notLeft(cx);
  if ((p & (alignment - 1)) !== 0 || p + size > cx.u8.length || !cx.u8.length) {
    badRealloc(cx, p, size, alignment);
  }
  // Only now: a wrong pointer poisons the instance as any trap does.
  cx.state = state;
  return p;
}

function badRealloc(cx: ComponentInstance, p: number, size: number, alignment: number): void {
  outside(cx, p, size, alignment - 1, ' from realloc');
}

/** Spec: `MAX_LIST_BYTE_LENGTH`, `MAX_STRING_BYTE_LENGTH`. */
export const MAX_BYTE_LENGTH: number = 2 ** 28 - 1;

/** The bounds check of a list that the guest gave: its bytes are inside the memory, aligned, and not too many. */
export function checkList(cx: ComponentInstance, p: number, bytes: number, mask: number): void {
  if ((p & mask) !== 0 || bytes > MAX_BYTE_LENGTH || p + bytes > cx.u8.length)
    outsideValue(cx, p, bytes, mask, 'list');
}

/** The cold half of the checks of a string or list. */
export function outsideValue(
  cx: ComponentInstance,
  p: number,
  bytes: number,
  mask: number,
  what: 'string' | 'list',
): void {
  if (bytes > MAX_BYTE_LENGTH) trap(`${what} byte length ${bytes} is greater than ${MAX_BYTE_LENGTH}`);
  outside(cx, p, bytes, mask, ` of a ${what}`);
}

/** The cold half of the bounds check: the memory may have grown, then the views are renewed. */
export function outside(cx: ComponentInstance, p: number, size: number, mask: number, of: string = ''): void {
  renew(cx);
  if ((p & mask) !== 0) trap(`unaligned pointer${of}: ${p} is not a multiple of ${mask + 1}`);
  if (p + size <= cx.u8.length) return;
  if (cx.memory === undefined) trap('the core module exports no memory');
  trap(`pointer${of} out of bounds: ${size} bytes at ${p} of a memory of ${cx.u8.length}`);
}
