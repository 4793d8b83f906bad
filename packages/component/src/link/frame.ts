/** A component instance while it is made, and what there is in it. */
import type {
  CanonicalOptions,
  ComponentInstance,
  CoreCallee,
  InstanceResource,
  LiftedFunction,
} from '@wittle/runtime/types';
import type { Sort } from '../binary/definition.ts';
import type { ComponentType } from '../validate/component-type.ts';
import type { WasmImports, WasmModule } from '@wittle/runtime';

// Plans

/** What instantiating a component does. */
export interface Plan {
  readonly type: ComponentType;
  /** In the order of the binary. */
  readonly steps: readonly Step[];
  /** What cannot be run, of all plans that were made together. They are of no use if there is anything. */
  readonly problems: readonly string[];
}

/** Adds what an item defines to its index space, or says what instance is to be made and added. */
export type Step = (frame: Frame) => Demand | void;

/** An instance to be made, of a core module or a component. */
export type Demand =
  | { readonly module: WasmModule; readonly imports: WasmImports }
  | { readonly component: ComponentValue; readonly args: InstanceValue; readonly bindings: Bindings };

/** Where the resources that begin with an item are in it, and their numbers in `cx.resources`. */
export type Bindings = readonly { readonly path: readonly string[]; readonly resource: number }[];

// Values

/** A component with what it refers to outside itself: it can be instantiated any number of times. */
export interface ComponentValue {
  readonly plan: Plan;
  /** The instance that it is inside of; `undefined` for a root component. */
  readonly outer: Frame | undefined;
}

/** A function that the host gives. */
export interface HostFunction {
  /** For messages: `wasi:io/poll.pollable.block`. */
  readonly name: string;
  /** A method takes what it is called on first. */
  readonly call: (...args: never[]) => unknown;
  /** Its result may be a promise. */
  readonly mayBlock: boolean;
}

/** What functions are at run time. */
export type FunctionValue = LiftedFunction | HostFunction;

export function isLifted(value: FunctionValue): value is LiftedFunction {
  return 'callee' in value;
}

/** What an item is at run time. Of types there are only the resources, any other is `undefined`. */
export type Value =
  FunctionValue | InstanceValue | ComponentValue | WasmModule | InstanceResource | undefined;

/** An instance: its exports by their names. */
export interface InstanceValue extends ReadonlyMap<string, Value> {}

// Frames

export interface Frame {
  readonly cx: ComponentInstance;
  readonly outer: Frame | undefined;
  readonly args: InstanceValue;
  readonly exports: Map<string, Value>;
  readonly spaces: Partial<Record<Sort, unknown[]>>;
  /** By the numbers of the plan; those of `cx`, if the runtime makes the core functions. */
  readonly resources: InstanceResource[];
  readonly linking: Linking;
}

/** What one instantiation of a root component goes by. */
export interface Linking {
  /** Host functions that may wait suspend the guests. */
  readonly suspends: boolean;
  /** Instances that can reach a host function that may wait. */
  readonly waiting: Set<ComponentInstance>;
  /** Core functions that are none of a core module, and cannot wait. */
  readonly plain: WeakSet<CoreCallee>;
  /** Instances that are being made. */
  readonly unfinished: Set<ComponentInstance>;
  /** Instances made so far, of components and of core modules. */
  instances: number;
  /** Handles that each of its instances may have at a time; `undefined` for what the specification says. */
  readonly handles: number | undefined;
  /** Told of the table of handles of each instance that is made. */
  readonly onHandles: ((table: { readonly size: number }) => void) | undefined;
  /** Steps taken so far: what a small component can multiply is bounded. */
  steps: number;
  /** Core functions of someone else's in place of the runtime's. */
  readonly canon: GivenCanon | undefined;
}

/** What makes the core functions of a root when it is not the runtime. */
export interface GivenCanon {
  /** The root's instance. It has been entered, and its resources are not those of the plan. */
  readonly cx: ComponentInstance;
  readonly lower: (callee: FunctionValue, options: CanonicalOptions, cx: ComponentInstance) => CoreCallee;
  readonly resource: (
    builtIn: 'new' | 'rep' | 'drop',
    resource: number,
    type: InstanceResource,
    cx: ComponentInstance,
  ) => CoreCallee;
  /** A built-in that the runtime has only a stand-in for. */
  readonly other: () => void;
}

export function newLinking(canon?: GivenCanon): Linking {
  return {
    suspends: false,
    waiting: new Set(),
    plain: new WeakSet(),
    unfinished: new Set(),
    instances: 0,
    handles: undefined,
    onHandles: undefined,
    steps: 0,
    canon,
  };
}

/** Validation has seen to it that there is something of the right kind. */
export function at<Found = unknown>(frame: Frame, sort: Sort, index: number): Found {
  return frame.spaces[sort]![index] as Found;
}

export function add(frame: Frame, sort: Sort, value: unknown, bindings: Bindings = []): void {
  (frame.spaces[sort] ??= []).push(value);
  for (const { path, resource } of bindings) {
    let found = value;
    for (const name of path) found = (found as InstanceValue).get(name);
    frame.resources[resource] = found as InstanceResource;
  }
}
